/**
 * MDX as Markdown: imports and exports go, and so do the tags of components; what these show, the text between them and
 * their titles, stays. Code stays as it is. (MDX 3.) Time is linear in the text's length.
 */
export function stripMdx(source: string, warn: (message: string) => void): string {
  const parts = source.split(/^([ \t]*(?:`{3,}|~{3,}).*)$/m);
  let fence = "";
  let isStart = true;
  return parts
    .map((part, index) => {
      if (index % 2 === 1) {
        const marks = /`{3,}|~{3,}/.exec(part)![0];
        if (fence === "") fence = marks;
        else if (marks.startsWith(fence)) fence = "";
        return part;
      }
      if (fence !== "") return part;
      const text = stripTags(stripModules(part, isStart, warn), warn);
      if (part.trim() !== "") isStart = false;
      return text;
    })
    .join("");
}

/** Imports and exports begin a paragraph, and end with it. */
function stripModules(text: string, isStart: boolean, warn: (message: string) => void): string {
  return text
    .split(/(\n[ \t]*\n)/)
    .map((paragraph, index) => {
      const body = index === 0 && !isStart ? paragraph.replace(/^\n/, "") : paragraph;
      if (
        !/^\s*(?:import\s+(?:[\w*{][^;]*\sfrom\s+)?["'{\w*]|export\s+(?:const|let|var|default|function|class|async|\{|\*))/.test(
          body,
        )
      )
        return paragraph;
      warn("Program code of the page (imports and exports) was left out.");
      return "";
    })
    .join("");
}

/** Attributes of components whose text a reader sees. */
const shownNames = /^(?:title|label|summary|header|heading|question|caption|alt|name|description)$/;

const longestTag = 4000;

function stripTags(text: string, warn: (message: string) => void): string {
  const marks = /`+|<\/?(?:[A-Z][\w.]*|>)|\{\/\*|\{["'] ["']\}/g;
  let out = "";
  let from = 0;
  /** What is not there once is not looked for again. */
  const missing = new Set<string>();
  const find = (mark: string, at: number): number => {
    const found = missing.has(mark) ? -1 : text.indexOf(mark, at);
    if (found < 0) missing.add(mark);
    return found;
  };
  const drop = (start: number, end: number, instead: string): void => {
    out += text.slice(from, start) + instead;
    from = end;
    marks.lastIndex = end;
  };
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    const { 0: found, index } = match;
    if (found.startsWith("`")) {
      const end = find(found, index + found.length);
      if (end >= 0 && !text.slice(index, end).includes("\n\n")) marks.lastIndex = end + found.length;
    } else if (found === "{/*") {
      const end = find("*/}", index);
      if (end < 0) continue;
      warn(`A comment was left out: "${text.slice(index + 3, Math.min(end, index + 83)).trim()}".`);
      drop(index, end + 3, "");
    } else if (found.startsWith("{")) drop(index, index + found.length, " ");
    else if (found.endsWith(">")) drop(index, index + found.length, "");
    else {
      const { end, isTag } = readTag(text, index + found.length);
      if (isTag) drop(index, end, shownText(text.slice(index + found.length, end)));
      else marks.lastIndex = end;
    }
  }
  return out + text.slice(from);
}

/** Where a tag ends whose attributes begin at `from`, or what is none: values may hold anything, in quotes or in braces. */
function readTag(text: string, from: number): { end: number; isTag: boolean } {
  let depth = 0;
  let quote = "";
  for (let at = from; at < text.length && at - from < longestTag; at++) {
    const character = text[at]!;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (/["'`]/.test(character)) quote = character;
    else if (character === "{") depth++;
    else if (character === "}") depth--;
    else if (character === ">" && depth === 0) return { end: at + 1, isTag: true };
    else if (character === "<" && depth === 0) return { end: at, isTag: false };
  }
  return { end: Math.min(from + longestTag, text.length), isTag: false };
}

function shownText(attributes: string): string {
  const shown = [...attributes.matchAll(/\s([\w-]{1,60})=(?:"([^"]*)"|'([^']*)')/g)].flatMap(
    ([, name = "", double, single]) => (shownNames.test(name) ? [double ?? single ?? ""] : []),
  );
  return shown.filter((words) => words.trim() !== "").join("\n");
}
