import { isCollection, isMap, isNode, type Node } from "yaml";
import type { z } from "zod";

/** A fault of a config in plain words: the key, what its value must be, and what it is, as it is written in `text`. */
export function describeIssue(issue: z.core.$ZodIssue, node: unknown, text: string): string {
  if (!isNode(node) && issue.code === "invalid_type") return `${nameKey(issue.path)} is missing`;
  const demand = describeDemand(issue);
  if (demand === undefined) return `${nameKey(issue.path)}: ${issue.message}`;
  const value = isNode(node) && demand !== empty ? `; is ${writtenValue(node, text)}` : "";
  return `${nameKey(issue.path)} ${demand}${value}`;
}

const empty = "must not be empty";

const kinds: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a section of `key: value` lines",
};

function describeDemand(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type": {
      // What zod tells of NaN and the infinities, which are numbers to YAML.
      const isNumber = "received" in issue;
      return `must be ${isNumber ? "a finite number" : (kinds[issue.expected] ?? issue.expected)}`;
    }
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_small":
      if (hasLength(issue.origin) && issue.minimum === 1) return empty;
      return bound(issue.origin, issue.inclusive ? "at least" : "more than", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive ? "at most" : "less than", issue.maximum);
    default:
      return undefined;
  }
}

const hasLength = (origin: string): boolean => origin === "string" || origin === "array";

function bound(origin: string, relation: string, size: number | bigint): string {
  const unit = { string: " characters", array: " entries" }[origin] ?? "";
  return `must ${hasLength(origin) ? "have" : "be"} ${relation} ${size}${unit}`;
}

/** `retrieval.top_k`; of a list, `arms` (entry 2). */
export function nameKey(path: readonly PropertyKey[]): string {
  const keys = path.filter((key) => typeof key !== "number").join(".");
  const entries = path.filter((key) => typeof key === "number").map((index) => ` (entry ${index + 1})`);
  return `\`${keys}\`${entries.join("")}`;
}

const longestShown = 60;

function writtenValue(node: Node, text: string): string {
  if (isCollection(node)) return isMap(node) ? "a section" : "a list";
  const [start, end] = node.range ?? [0, 0];
  const written = text.slice(start, end).trim();
  if (written === "") return "empty";
  const line = written.split("\n")[0]!.replace(/\p{Cc}/gu, "\uFFFD");
  return line.length < written.length || line.length > longestShown
    ? `${line.slice(0, longestShown)}…`
    : line;
}
