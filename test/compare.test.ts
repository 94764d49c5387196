import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resultsSchema } from "../src/contracts/index.ts";
import { lorag, makeProject, startLorag, type Ended } from "./lorag.case.ts";

/**
 * The whole comparison with the real models, on the starter project made smaller: the command is killed in the middle,
 * met by a second one, interrupted, and at last let run to the end.
 */
const folder = join(makeProject({}), "library");
const project = ["--project", folder];
const config = `
documents: documents
test_set_size: 20
max_new_tokens: 16
abstain_answer: The documents do not say.
retrieval: { top_k: 1, chunk_tokens: 64 }
sequence_len: 224
micro_batch_size: 2
max_steps: 4
lora_target_modules: [q_proj, v_proj]
raft: { distractors: 0 }
`;

let first: Ended;
let answersOfFirst: string[];

beforeAll(async () => {
  expect((await lorag(["init", folder])).code).toBe(0);
  writeFileSync(join(folder, "lorag.yaml"), config);

  const run = startLorag(["compare", "--json", ...project]);
  await until(() => existsSync(join(folder, ".lorag/lock/1")), run.ended);
  const second = await lorag(["index", "--json", ...project]);
  expect(second.code).toBe(75);
  expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: "LORAG_LOCKED", kind: "busy" } });

  await until(() => answersOf("base").length >= 3, run.ended);
  run.child.kill("SIGKILL");
  await run.ended;
  answersOfFirst = answersOf("base");

  // Taken up again, and stopped politely this time.
  const again = startLorag(["compare", "--json", ...project]);
  await until(() => answersOf("rag").length >= 1, again.ended);
  again.child.kill("SIGINT");
  const interrupted = await again.ended;
  expect(interrupted.code).toBe(130);
  expect(JSON.parse(interrupted.stdout)).toMatchObject({ error: { code: "LORAG_INTERRUPTED" } });

  first = await lorag(["compare", "--json", ...project]);
}, 1_200_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a comparison that was killed and interrupted ends, with the answers it had", () => {
  expect(first.code).toBe(0);
  expect(answersOf("base").slice(0, answersOfFirst.length)).toEqual(answersOfFirst);
  for (const arm of ["base", "rag", "tuned", "tuned-rag"]) expect(new Set(idsOf(arm)).size).toBe(20);
});

test("--json is one document on stdout; the reports lie where it says", () => {
  const summary = JSON.parse(first.stdout) as { files: Record<string, string>; warnings: unknown[] };
  for (const path of Object.values(summary.files)) expect(existsSync(path)).toBe(true);
  const results = resultsSchema.parse(JSON.parse(readFileSync(summary.files["results"]!, "utf8")));
  expect(results.questions).toHaveLength(20);
  expect(results.run.split).toMatchObject({ test: 20 });
  expect(results.arms.map(({ status }) => status)).toEqual(["ok", "ok", "ok", "ok"]);
  expect(results.run.warnings).toEqual([expect.stringMatching(/fewer than 20/)]);
  expect(Object.keys(results.passages).length).toBeGreaterThan(0);
});

test("a second run uses what is unchanged, and a changed document is seen", async () => {
  const before = answersOf("rag");
  const page = join(folder, "documents/visiting.md");
  const again = await lorag(["compare", "--json", ...project]);
  expect(again.code).toBe(0);
  expect(answersOf("rag")).toEqual(before);
  expect(JSON.parse(again.stdout)).toMatchObject({
    verdict: (JSON.parse(first.stdout) as { verdict: object }).verdict,
  });

  writeFileSync(page, readFileSync(page, "utf8").replace("16:00", "15:00"));
  const report = await lorag(["index", "--json", ...project]);
  expect(JSON.parse(report.stdout)).toMatchObject({ added: 0, changed: 1, removed: 0, unchanged: 2 });

  // A document without text is left out and told; --strict makes that an error.
  const empty = join(folder, "documents/empty.md");
  writeFileSync(empty, "");
  const skipping = await lorag(["index", "--json", ...project]);
  expect(skipping.code).toBe(0);
  const told = JSON.parse(skipping.stdout) as { skipped: object[]; warnings: object[] };
  expect(told.skipped).toMatchObject([{ id: "empty.md", code: "LORAG_EMPTY_DOCUMENT" }]);
  expect(told.warnings[0]).toMatchObject({
    code: "LORAG_SKIPPED_DOCUMENT",
    message: expect.stringContaining("empty.md"),
  });
  const strict = await lorag(["compare", "--strict", "--json", ...project]);
  expect(strict.code).toBe(65);
  expect(JSON.parse(strict.stdout)).toMatchObject({ error: { code: "LORAG_SKIPPED_DOCUMENTS" } });
  rmSync(empty);
});

test("ask answers with the chosen arm; the words of a question need no quotes", async () => {
  const words = ["For", "how", "long", "--arm", "rag", "is", "a", "ladder", "lent?"];
  const asked = await lorag(["ask", ...words, "--json", ...project]);
  const question = "For how long is a ladder lent?";
  expect(JSON.parse(asked.stdout)).toMatchObject({
    question,
    arm: "rag",
    text: expect.any(String),
    indexGeneration: expect.any(Number),
  });
  expect(asked.code).toBe(0);
});

test("an arm that fails is shown as failed, with why and what to do, and the rest go on", async () => {
  // So short that no example with a passage fits.
  writeFileSync(
    join(folder, "lorag.yaml"),
    config.replace("sequence_len: 224", "arms: [base, tuned-rag]\nsequence_len: 64"),
  );
  const run = await lorag(["compare", "--json", ...project]);
  expect(run.code).toBe(0);
  const { arms } = JSON.parse(run.stdout) as { arms: { name: string; status: string; error?: object }[] };
  expect(arms.map(({ name, status }) => `${name} ${status}`)).toEqual(["base ok", "tuned-rag failed"]);
  expect(arms[1]!.error).toMatchObject({
    code: "LORAG_ALL_TOO_LONG",
    next: expect.stringContaining("sequence_len"),
  });
});

test("arms that show no passages are compared without documents; one that does says what is missing", async () => {
  rmSync(join(folder, "documents"), { recursive: true });
  const without = await lorag(["compare", "--json", ...project]);
  expect(without.code).toBe(66);
  expect(JSON.parse(without.stdout)).toMatchObject({ error: { code: "LORAG_NOT_FOUND" } });

  writeFileSync(join(folder, "lorag.yaml"), `${config}arms: [base, tuned]\n`);
  const run = await lorag(["compare", "--json", ...project]);
  expect(run.code).toBe(0);
  const { files, warnings } = JSON.parse(run.stdout) as { files: { results: string }; warnings: object[] };
  expect(warnings).toContainEqual(expect.objectContaining({ code: "LORAG_NO_FOLDER" }));
  const results = resultsSchema.parse(JSON.parse(readFileSync(files.results, "utf8")));
  expect(results.arms.map(({ name, status }) => `${name} ${status}`)).toEqual(["base ok", "tuned ok"]);
  expect(results.floors.map(({ name }) => name)).toEqual(["majority"]);
  expect(results.run.models.embedder).toBeNull();
});

/** Lines of an arm's answers that are complete. */
function answersOf(arm: string): string[] {
  const answers = join(folder, ".lorag/answers");
  if (!existsSync(answers)) return [];
  const name = readdirSync(answers).find((file) => new RegExp(`^${arm}-[0-9a-f]{16}\\.jsonl$`).test(file));
  return name ? readFileSync(join(answers, name), "utf8").split("\n").slice(0, -1) : [];
}

const idsOf = (arm: string): string[] =>
  answersOf(arm).map((line) => (JSON.parse(line) as { id: string }).id);

/** Waits for a moment in a run that is under way. */
async function until(condition: () => boolean, ended: Promise<Ended>): Promise<void> {
  let result: Ended | undefined;
  void ended.then((value) => (result = value));
  while (!condition()) {
    if (result) throw new Error(`the run ended first: ${result.stdout}${result.stderr}`);
    await sleep(50);
  }
}
