import { relative } from "node:path";
import { z } from "zod";
import { LoragError, type Example } from "../../contracts/index.ts";
import { readText } from "../../platform/index.ts";
import { counted } from "../../text/index.ts";
import type { Project } from "../config/read-project.ts";
import { nameSome } from "./name-some.ts";
import { fingerprint } from "./record.ts";

/** Where an example of a frozen split is. */
export type Part = "train" | "validation" | "test" | "left out";

const frozenSchema = z.object({
  schema: z.literal(1),
  made: z.record(z.string(), z.unknown()).describe("The keys of lorag.yaml that it was made by"),
  sha256: z.string().describe("Of `examples`"),
  examples: z.array(
    z.object({
      id: z.string(),
      part: z.enum(["train", "validation", "test", "left out"]),
      sha256: z.string().describe("Of the question and the answer"),
    }),
  ),
});
type FrozenSplit = z.infer<typeof frozenSchema>;

/** Text of a file that says in which part each example is, and what it said. */
export function freezeSplit(parts: [Example[], Part][], made: Record<string, unknown>): string {
  const examples = parts.flatMap(([members, part]) =>
    members.map((example) => ({ id: example.id, part, sha256: hashOf(example) })),
  );
  const frozen: FrozenSplit = { schema: 1, made, sha256: fingerprint(examples), examples };
  return `${JSON.stringify(frozen, null, 1)}\n`;
}

/** The parts that the file says. Throws LORAG_SPLIT_DAMAGED, or LORAG_SPLIT_CHANGED where examples are not those of the file. */
export async function thawSplit(
  project: Project,
  file: string,
  examples: Example[],
): Promise<Record<Part, Example[]>> {
  const name = relative(project.folder, file);
  const frozen = parse(await readText(file), name);
  const parts: Record<Part, Example[]> = { train: [], validation: [], test: [], "left out": [] };
  const entryOf = new Map(frozen.examples.map((entry) => [entry.id, entry]));
  const faults: string[] = [];
  for (const example of examples) {
    const entry = entryOf.get(example.id);
    entryOf.delete(example.id);
    if (!entry) faults.push(`${example.id} is new`);
    else if (entry.sha256 !== hashOf(example)) faults.push(`${example.id} says something else`);
    else parts[entry.part].push(example);
  }
  for (const id of entryOf.keys()) faults.push(`${id} is missing`);
  if (faults.length > 0) throw changed(name, faults);
  return parts;
}

const hashOf = ({ prompt, completion, rejected }: Example): string =>
  fingerprint(prompt, completion, rejected ?? null);

function parse(text: string, name: string): FrozenSplit {
  try {
    const frozen = frozenSchema.parse(JSON.parse(text));
    if (frozen.sha256 === fingerprint(frozen.examples)) return frozen;
    throw new Error("its hash does not fit its examples");
  } catch (cause) {
    throw new LoragError({
      code: "LORAG_SPLIT_DAMAGED",
      kind: "data",
      message: `${name} is no split that lorag wrote, or was changed by hand: ${(cause as Error).message.split("\n")[0]}`,
      next: "Take it from version control, or remove it and run `lorag data split` for a new one.",
      cause,
    });
  }
}

function changed(name: string, faults: string[]): LoragError {
  return new LoragError({
    code: "LORAG_SPLIT_CHANGED",
    kind: "data",
    message: `The examples are not those that ${name} splits: of ${counted(faults.length, "example")}, ${nameSome(faults)}`,
    next: "Bring the examples back, or remove the file and run `lorag data split`; results of before cannot be compared with those of after.",
  });
}
