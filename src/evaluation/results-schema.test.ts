import { expect, it } from "vitest";
import { z } from "zod";
import { resultsSchema } from "../contracts/index.ts";

interface Node {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  additionalProperties?: Node | boolean;
  anyOf?: Node[];
  oneOf?: Node[];
  enum?: unknown[];
  const?: unknown;
}

const introduction = `# results.json

What \`lorag compare\` measured, for programs. \`schema\` is 2; a change that could break a reader raises it. The zod schema
is \`resultsSchema\` in \`src/contracts/results.ts\`; this page is written from it (\`npx vitest run results-schema -u\`).

- A figure that does not exist (no citation to judge, no unanswerable question) is \`null\`. There is never a NaN.
- An **estimate** is \`{value, low, high, n}\`: a mean over \`n\` questions (or citations) with its 95% interval, Wilson's for
  rates, the same at the effective number of questions for graded scores and for means over several trainings. A mean of
  one value has none: \`low\` and \`high\` are \`null\`.
- Scores of an arm that was trained with several seeds (\`trainings\`) are means over them, and their intervals count the luck
  of training. All else that is said of it (abstention, citations, latency, tokens, the answers) is of the run's seed.
- Tests: each arm with its \`baseline\`, the best arm on the metric with every other one, each arm with the best floor. p
  is exact where it can be: McNemar's for right and wrong, else the sign-flip test (from 10,000 drawn flips where more
  than 20 questions differ).
- Shares and scores run from 0 to 1. Amounts are in \`prices.currency\`. \`Ms\` is milliseconds.
- Raw scores compare texts as they are but for \`[n]\` markers. Normalised ones compare short answers: the first sentence without lead-in,
  citation markers and section references, taken from gold and answer alike. An abstention decides the normalised scores
  alone: 1 on an unanswerable question, 0 on any other.
- \`correct\` depends on \`task\`. Classification: the short answer is the gold label. Otherwise: the answer's first two
  sentences (at most 40 words) hold every figure and three quarters of the content words of the gold's short answer.
- Arms that failed have \`status: "failed"\` and an \`error\`, and appear nowhere else.

## Fields

`;

it("docs/results-schema.md lists every field", async () => {
  const schema = z.toJSONSchema(resultsSchema) as Node;
  const rows = listFields(schema, "").map(
    ([path, type, meaning]) => `- \`${path}\`: ${type}.${meaning === "" ? "" : ` ${meaning}.`}`,
  );
  expect(rows.length).toBeGreaterThan(150);
  await expect(`${introduction}${rows.join("\n")}\n`).toMatchFileSnapshot("../../docs/results-schema.md");
});

type Row = [path: string, type: string, meaning: string];

/** Every field below `node`, in the order of the schema. An estimate is one row. */
function listFields(node: Node, path: string): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const optional = node.required?.includes(name) === true ? "" : ", may be absent";
    return [[here, nameType(field) + optional, field.description ?? ""] as Row, ...listInside(field, here)];
  });
}

function listInside(node: Node, path: string): Row[] {
  if (isEstimate(node)) return [];
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (choices.length > 0) return unique(choices.flatMap((choice) => listInside(choice, path)));
  if (node.items !== undefined) return listInside(node.items, `${path}[]`);
  if (typeof node.additionalProperties === "object")
    return listInside(node.additionalProperties, `${path}.*`);
  return listFields(node, path);
}

/** Fields that several alternatives share are listed once, with the types of all. */
function unique(rows: Row[]): Row[] {
  const merged = new Map<string, Row>();
  for (const [path, type, meaning] of rows) {
    const known = merged.get(path)?.[1];
    merged.set(path, [path, known === undefined || known === type ? type : `${known} or ${type}`, meaning]);
  }
  return [...merged.values()];
}

function isEstimate(node: Node): boolean {
  return Object.keys(node.properties ?? {}).join() === "value,low,high,n";
}

function nameType(node: Node): string {
  if (isEstimate(node)) return "estimate";
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (choices.length > 0) return [...new Set(choices.map(nameType))].join(" or ");
  if (node.items !== undefined) return `list of ${nameType(node.items)}`;
  if (typeof node.additionalProperties === "object") return `map to ${nameType(node.additionalProperties)}`;
  return [node.type ?? "any"].flat().join(" or ");
}
