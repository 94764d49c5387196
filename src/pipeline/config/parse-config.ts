import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type { z } from "zod";
import {
  LoragError,
  armSectionKeys,
  configSchema,
  gradingKeys,
  datasetSchema,
  endpointSchema,
  retrievalSchema,
  trainingShape,
  type Config,
} from "../../contracts/index.ts";
import { describeIssue, nameKey } from "./describe-issue.ts";
import { nearestKey } from "./nearest-key.ts";
import { findYamlFaults, type Fault } from "./yaml-faults.ts";

/** What is wrong with a config, and where: lines and columns count from 1. */
export interface ConfigFault {
  line: number;
  column: number;
  text: string;
}

/** Text of a `lorag.yaml` to a checked config. `file` is the name that errors carry. Throws LORAG_CONFIG with every fault. */
export function parseConfig(text: string, file: string): Config {
  const checked = checkConfig(text);
  if ("config" in checked) return checked.config;
  const faults = checked.faults.map((fault) => `${file}:${fault.line}:${fault.column} ${fault.text}`);
  throw new LoragError({
    code: "LORAG_CONFIG",
    kind: "config",
    message: faults.length === 1 ? faults[0]! : `${file} has ${faults.length} faults:\n${faults.join("\n")}`,
    next: `Correct ${file}; \`lorag help config\` lists every key with its meaning and default.`,
  });
}

/** The same, with the faults as values: every one found, in order, and the nearest known key for each unknown one. */
export function checkConfig(text: string): { config: Config } | { faults: ConfigFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, what: string): ConfigFault => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, text: what };
  };
  const unread = findYamlFaults(document, text);
  if (unread.length > 0) return { faults: unread.map((fault) => at(fault.offset, fault.text)) };
  if (document.contents !== null && !isMap(document.contents)) {
    return { faults: [at(0, "expected `key: value` lines")] };
  }
  let values: unknown;
  try {
    values = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    return { faults: [{ line: 1, column: 1, text: error instanceof Error ? error.message : String(error) }] };
  }
  const parsed = configSchema.safeParse(values);
  if (parsed.success) return { config: parsed.data };
  const issues = parsed.error.issues.flatMap((issue) => insideUnion(issue, document));
  const faults = lastOfEach(issues).flatMap((issue): Fault[] => {
    if (issue.code !== "unrecognized_keys") {
      const node = document.getIn(issue.path, true);
      return [{ offset: offsetOf(document, issue.path), text: describeIssue(issue, node, text) }];
    }
    return issue.keys.map((key) => ({
      offset: keyOffset(document, issue.path, key),
      text: unknownKey(issue.path, key),
    }));
  });
  return { faults: faults.sort((a, b) => a.offset - b.offset).map((fault) => at(fault.offset, fault.text)) };
}

type Path = readonly PropertyKey[];

/** Dotted paths of every key that a config may have. */
export function knownKeys(): string[] {
  const sections = { retrieval: true, raft: true, prices: true, training: true };
  return Object.entries(configSchema.shape).flatMap(([key, field]) => {
    if (!(key in sections)) return [key];
    const section = field.unwrap() as { shape: Record<string, unknown> };
    return [key, ...Object.keys(section.shape).map((leaf) => `${key}.${leaf}`)];
  });
}

/** The keys of sections that stand in lists. */
const listedSections: Record<string, string[]> = {
  datasets: Object.keys(datasetSchema.shape),
  test_datasets: Object.keys(datasetSchema.shape),
  arms: armSectionKeys,
  grading: gradingKeys,
  "arms.tuning": Object.keys(trainingShape),
  "arms.retrieval": Object.keys(retrievalSchema.shape),
};

/** Of the entries of lists: `path` may be meant anywhere, the others where the section is right. */
const entryKeys = (section: string): string[] =>
  Object.entries(listedSections).flatMap(([list, keys]) =>
    keys.filter((key) => key === "path" || list === section).map((key) => `${list}.${key}`),
  );

function unknownKey(path: Path, key: string): string {
  const unknown = `unknown key ${nameKey([...path, key])}`;
  const section = path.filter((part) => typeof part !== "number").join(".");
  const known = section.startsWith("models.")
    ? Object.keys(endpointSchema.shape).map((leaf) => `${section}.${leaf}`)
    : [...knownKeys(), ...entryKeys(section)];
  const nearest = nearestKey(key, section, known);
  return `${unknown}${nearest ? `; did you mean \`${nearest}\`?` : ""}`;
}

/** What is wrong with an entry that may be a name or a section: as what it is written as, not as either. */
function insideUnion(issue: z.core.$ZodIssue, document: Document): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const isSection = isMap(document.getIn(issue.path, true));
  const asSection = issue.errors.findIndex((found) => !found.some(isOfKind("object")));
  const asValue = issue.errors.findIndex((found) => found.some(({ code }) => code === "invalid_value"));
  const found = issue.errors[isSection ? asSection : asValue] ?? issue.errors[0] ?? [];
  return found.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Whether a fault is that the whole value is no such thing. */
const isOfKind =
  (kind: string) =>
  (issue: z.core.$ZodIssue): boolean =>
    issue.path.length === 0 &&
    (issue.code === "invalid_value" || (issue.code === "invalid_type" && issue.expected === kind));

/** Zod may find one value faulty twice, by a general bound and by ours, which it tells last. */
function lastOfEach(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return [...new Map(issues.map((issue) => [`${issue.code} ${issue.path.join(".")}`, issue])).values()];
}

/** Where a value begins, or the nearest section around it that is in the file. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: Path, key: string): number {
  const section = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(section)) return offsetOf(document, path);
  const pair = section.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
  return (pair?.key as Node | undefined)?.range?.[0] ?? offsetOf(document, path);
}
