import { parse as parseYaml } from "yaml";

/** Keys that make a page's first lines its front matter, even where there is only one. */
const usualKeys =
  /^(?:title|date|layout|tags?|author|authors|description|slug|id|draft|categor(?:y|ies)|lang|language|permalink|weight|keywords|summary|sidebar_\w+|nav_order|toc|aliases|type|url|version|status|updated|created|published|image|template|parent)$/i;

export interface FrontMatter {
  body: string;
  title?: string;
  /** What to tell of it. */
  left?: string;
}

/** What stands above a page for the program that builds it: YAML, TOML or JSON. */
export function splitFrontMatter(source: string): FrontMatter {
  const other = splitTomlFrontMatter(source) ?? splitJsonFrontMatter(source);
  if (other) return other;
  const match = /^---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source);
  if (!match) return { body: source };
  let fields: unknown;
  try {
    fields = parseYaml(match[1]!);
  } catch {
    return { body: source }; // a thematic break, not front matter
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return { body: source };
  const keys = Object.keys(fields);
  const isUsual =
    keys.some((key) => usualKeys.test(key)) ||
    (keys.length > 1 && keys.every((key) => /^[a-z][\w.-]*$/.test(key)));
  // Two rules with "Note: closed on Mondays" between them are text.
  if (!isUsual || !keys.every((key) => /^[\w.-]+$/.test(key))) return { body: source };
  const named = keys.find((key) => key.toLowerCase() === "title");
  const title = (fields as Record<string, unknown>)[named ?? "title"];
  return frontMatter(source.slice(match[0].length), keys, typeof title === "string" ? title : "");
}

/** Hugo's and Zola's, between `+++`, which means nothing in Markdown. Of its values the title alone is read. */
function splitTomlFrontMatter(source: string): FrontMatter | undefined {
  const match = /^\+\+\+[ \t]*\n([\s\S]*?)\n\+\+\+[ \t]*(?:\n|$)/.exec(source);
  const lines = (match?.[1] ?? "").split("\n").filter((line) => !/^\s*(?:#|$)/.test(line));
  if (!match || !/^(?:\[|[\w."'-]+\s*=)/.test(lines[0] ?? "")) return undefined;
  const keys = lines.flatMap((line) => /^([\w.-]+)\s*=/.exec(line)?.[1] ?? []);
  const title = lines.map((line) => /^title\s*=\s*(["'])(.*?)\1\s*(?:#.*)?$/.exec(line)?.[2]).find(Boolean);
  return frontMatter(source.slice(match[0].length), keys, title ?? "");
}

/** Hugo's, an object of its own lines, which is no text of Markdown either. */
function splitJsonFrontMatter(source: string): FrontMatter | undefined {
  const match = /^\{\n([\s\S]{1,20000}?)\n\}[ \t]*(?:\n|$)/.exec(source);
  if (!match) return undefined;
  try {
    const fields = JSON.parse(`{${match[1]!}}`) as Record<string, unknown>;
    const title = fields["title"];
    return frontMatter(
      source.slice(match[0].length),
      Object.keys(fields),
      typeof title === "string" ? title : "",
    );
  } catch {
    return undefined;
  }
}

function frontMatter(body: string, keys: string[], title: string): FrontMatter {
  const others = keys.filter((key) => key !== "title");
  return {
    body,
    ...(title.trim() !== "" && { title: title.trim() }),
    ...(others.length > 0 && { left: `Front matter was left out: ${others.slice(0, 20).join(", ")}.` }),
  };
}
