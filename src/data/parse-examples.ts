import { z } from "zod";
import { LoragError, inBrief, type Example, type Message } from "../contracts/index.ts";
import { counted } from "../text/index.ts";

/** How many bad lines an error shows before it only counts them. */
const shownIssues = 20;

const content = z.string({ error: "must be a string" });
const metadata = z
  .object({
    id: z
      .union([z.string().min(1), z.number()], { error: "must be a non-empty string or a number" })
      .optional(),
    type: z.string({ error: "must be a string" }).min(1).optional(),
    documents: z.array(z.string(), { error: "must be a list of document ids" }).optional(),
  })
  .optional();
const chatLine = z.object({
  messages: z.array(
    z.object({
      role: z.enum(["system", "user", "assistant"], { error: "must be system, user or assistant" }),
      content,
    }),
    { error: "must be a list of messages" },
  ),
  metadata,
});
const completionLine = z.object({ prompt: content, completion: content, metadata });

/**
 * Reads examples from JSONL: OpenAI chat lines (`{"messages": [...]}`, the last message is the completion) or
 * `{"prompt": ..., "completion": ...}` lines, both with an optional `metadata` of `id`, `type` and `documents`.
 * An example without an id is called `name:line`. Blank lines, a byte order mark and CRLF are let through.
 * `name` is the file's name for people.
 *
 * All or nothing: throws LORAG_EXAMPLES_EMPTY, or LORAG_EXAMPLES_INVALID with every bad line named.
 */
export function parseExamples(text: string, name: string): Example[] {
  const examples: Example[] = [];
  const issues: string[] = [];
  const renamings = new Set<string>();
  const lineOfId = new Map<string, number>();
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const number = index + 1;
    const parsed = parseLine(line, `${stem(name)}:${number}`);
    if (typeof parsed === "string") {
      issues.push(`line ${number}: ${parsed}`);
      const renaming = renamingOf(line);
      if (renaming !== undefined) renamings.add(renaming);
      continue;
    }
    const earlier = lineOfId.get(parsed.id);
    if (earlier !== undefined)
      issues.push(`line ${number}: id ${quote(parsed.id)} is taken by line ${earlier}`);
    lineOfId.set(parsed.id, number);
    examples.push(parsed);
  }
  if (issues.length > 0) throw invalid(name, issues, examples.length + issues.length, renamings);
  if (examples.length === 0) {
    throw new LoragError({
      code: "LORAG_EXAMPLES_EMPTY",
      kind: "data",
      message: `${name} holds no examples`,
      next: 'Put one example on each line: {"messages": [...]} or {"prompt": "...", "completion": "..."}.',
    });
  }
  return examples;
}

/** The example, or what is wrong with the line. */
function parseLine(line: string, fallbackId: string): Example | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `not JSON (${(error as Error).message}): ${quote(line)}`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `not a JSON object: ${quote(line)}`;
  }
  if ("messages" in value) return fromChat(value, fallbackId);
  if ("prompt" in value || "completion" in value) return fromCompletion(value, fallbackId);
  return `neither "messages" nor "prompt" and "completion" (keys: ${Object.keys(value).join(", ") || "none"})`;
}

/** Formats of other tools, by the keys of their lines, and what becomes of those here. The first that fits is meant. */
const otherFormats: [keys: string[], renaming: string][] = [
  [
    ["instruction", "input", "output"],
    '"prompt" is the text of "instruction", a blank line and that of "input"; "completion" is "output"',
  ],
  [["instruction", "output"], 'rename "instruction" to "prompt" and "output" to "completion"'],
  [["input", "output"], 'rename "input" to "prompt" and "output" to "completion"'],
  [["question", "answer"], 'rename "question" to "prompt" and "answer" to "completion"'],
  [
    ["conversations"],
    'rename "conversations" to "messages", and in it "from" to "role" and "value" to "content"',
  ],
];

/** How a line of another tool's format is written here; undefined where it is no such line. */
function renamingOf(line: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (["messages", "prompt", "completion"].some((key) => key in value)) return undefined;
  return otherFormats.find(([keys]) => keys.every((key) => key in value))?.[1];
}

function fromChat(value: object, fallbackId: string): Example | string {
  const line = chatLine.safeParse(value);
  if (!line.success) return describe(line.error, value);
  const messages: Message[] = line.data.messages;
  const last = messages.at(-1);
  if (last?.role !== "assistant") {
    return `no answer: the last message must be the assistant's (it is ${last ? `the ${last.role}'s` : "missing"})`;
  }
  const prompt = messages.slice(0, -1);
  if (prompt.at(-1)?.role !== "user") return "the answer must follow a user message";
  return toExample(prompt, last.content, line.data.metadata, fallbackId);
}

function fromCompletion(value: object, fallbackId: string): Example | string {
  if (!("completion" in value)) return 'no answer: "completion" is missing';
  const line = completionLine.safeParse(value);
  if (!line.success) return describe(line.error, value);
  const prompt: Message[] = [{ role: "user", content: line.data.prompt }];
  return toExample(prompt, line.data.completion, line.data.metadata, fallbackId);
}

function toExample(
  prompt: Message[],
  completion: string,
  metadata: z.infer<typeof chatLine>["metadata"],
  fallbackId: string,
): Example | string {
  if (completion.trim() === "") return "no answer: the completion is empty";
  if (prompt.at(-1)?.content.trim() === "") return "the question is empty";
  return {
    id: metadata?.id === undefined ? fallbackId : String(metadata.id),
    prompt,
    completion,
    ...(metadata?.documents && { documents: metadata.documents }),
    ...(metadata?.type !== undefined && { type: metadata.type }),
  };
}

function describe(error: z.ZodError, value: object): string {
  const issue = error.issues[0];
  const path = issue?.path ?? [];
  let found: unknown = value;
  for (const key of path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
  const where = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `${where.replace(/^\./, "")} ${issue?.message ?? "is invalid"}, got ${quote(inBrief(found))}`;
}

function invalid(name: string, issues: string[], total: number, renamings: Set<string>): LoragError {
  const shown = issues.slice(0, shownIssues).map((issue) => `\n  ${name}, ${issue}`);
  const rest = issues.length > shownIssues ? `\n  and ${issues.length - shownIssues} more` : "";
  return new LoragError({
    code: "LORAG_EXAMPLES_INVALID",
    kind: "data",
    message: `${issues.length} of ${counted(total, "example")} in ${name} cannot be used:${shown.join("")}${rest}`,
    next:
      renamings.size > 0
        ? `In these lines ${[...renamings].join("; in others ")}. Nothing of the file was used.`
        : "Correct or delete these lines. Nothing of the file was used.",
  });
}

function quote(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function stem(name: string): string {
  return (name.split(/[\\/]/).at(-1) ?? name).replace(/\.[^.]*$/, "");
}
