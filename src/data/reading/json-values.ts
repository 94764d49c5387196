import { textPieces, type ByteSource } from "../../platform/index.ts";
import { mostCharacters } from "./json-lines.ts";
import { parseJson } from "./parse-json.ts";
import type { Row } from "./row.ts";

/**
 * The objects of a JSON array, or of objects written one after another over many lines. An object around one array of
 * objects, as `{"data": [...]}`, stands for what is in it. Read piece by piece: of an array only one item is in memory.
 */
export function* readJsonValues(source: ByteSource): Generator<Row> {
  let number = 0;
  for (const text of valuesOf(textPieces(source))) {
    number++;
    if (text === undefined) {
      yield {
        place: `item ${number}`,
        number,
        problem: "it does not end: the file was cut off, or is no JSON",
      };
      return;
    }
    const parsed = parseJson(text);
    const inner = "value" in parsed ? innerArray(parsed.value) : undefined;
    if (!inner) {
      yield { place: `item ${number}`, number, ...parsed };
      continue;
    }
    for (const value of inner) {
      yield { place: `item ${number}`, number, value };
      number++;
    }
  }
}

const containers = ["data", "train", "examples", "rows", "records", "items"];

/** How an object around an array of examples begins. */
export const aroundExamples = new RegExp(
  `^\\{\\s*(?:"version"\\s*:\\s*"[^"]*"\\s*,\\s*)?"(?:${containers.join("|")})"\\s*:\\s*\\[`,
);

function innerArray(value: Record<string, unknown>): Record<string, unknown>[] | undefined {
  const inner = containers.map((key) => value[key]).find(Array.isArray) as unknown[] | undefined;
  const areObjects = inner?.every(
    (item) => typeof item === "object" && item !== null && !Array.isArray(item),
  );
  return areObjects ? (inner as Record<string, unknown>[]) : undefined;
}

/** The text of each value inside an array, or of each at the top where there is none; undefined for one cut off. */
function* valuesOf(pieces: Iterable<string>): Generator<string | undefined> {
  let base: number | undefined;
  let [depth, inString, escaped] = [0, false, false];
  let value = "";
  for (const piece of pieces) {
    let start = 0;
    let scan = inString ? endOfString() : structure();
    if (escaped) scan.lastIndex = 1;
    escaped = false;
    for (let mark = scan.exec(piece); mark; mark = scan.exec(piece)) {
      const [character, at] = [mark[0], mark.index];
      if (character === "\\") {
        escaped = at + 1 === piece.length;
        scan.lastIndex = at + 2;
        continue;
      }
      if (character === '"') {
        inString = !inString;
        scan = inString ? endOfString() : structure();
        scan.lastIndex = at + 1;
        continue;
      }
      if (base === undefined) {
        base = character === "[" ? 1 : 0;
        if (base === 1) start = at + 1;
      }
      if (character === "{" || character === "[") depth++;
      else if (character === ",") {
        if (depth === base) {
          const scalar = (value + piece.slice(start, at)).trim();
          if (scalar !== "") yield scalar;
          [value, start] = ["", at + 1];
        }
      } else if (--depth === base) {
        yield (value + piece.slice(start, at + 1)).trim();
        [value, start] = ["", at + 1];
      } else if (depth < base) {
        const scalar = (value + piece.slice(start, at)).trim();
        if (scalar !== "") yield scalar;
        return;
      }
    }
    value += piece.slice(start);
    if (value.length >= mostCharacters) break;
  }
  if (value.trim() !== "" || depth > 0) yield undefined;
}

const structure = (): RegExp => /["{}[\],]/g;
const endOfString = (): RegExp => /["\\]/g;
