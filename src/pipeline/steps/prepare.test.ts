import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { collectWarnings, openProject, type Context, type Warning } from "../context.ts";
import { splitData } from "../data/split-data.ts";
import { prepare, requireHeldOut, type Prepared } from "./prepare.ts";

const line = (id: string, prompt: string, completion: string): string =>
  `${JSON.stringify({ prompt, completion, metadata: { id } })}\n`;
const subjects = ["ferry", "harbour bar", "car park", "ticket office", "north quay", "museum", "campsite"];
const distinct = subjects
  .map((subject, i) => line(`q${i}`, `When does the ${subject} open?`, `At ${i}.`))
  .join("");
const heldOut = line("h0", "May my old brown dog travel on the upper deck in winter?", "Yes.");

async function prepareFiles(
  files: Record<string, string>,
  trains = true,
): Promise<Prepared & { context: Context; warnings: Warning[] }> {
  const folder = mkdtempSync(join(tmpdir(), "lorag-prepare-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const { warn, warnings } = collectWarnings();
  const context = await openProject(folder, { warn });
  return { ...(await prepare(context, trains)), context, warnings };
}

const ids = (examples: { id: string }[]): string[] => examples.map(({ id }) => id).sort();
const told = (warnings: Warning[], code: Warning["code"]): string =>
  warnings
    .filter((warning) => warning.code === code)
    .map(({ message }) => message)
    .join("\n");

test("examples without a fault are split, with nothing told but that they are few", async () => {
  const { train, validation, test, warnings } = await prepareFiles({
    "lorag.yaml": "test_set_size: 2\nval_set_size: 1\n",
    "examples.jsonl": distinct,
  });
  expect([train.length, validation.length, test.length]).toEqual([4, 1, 2]);
  expect(warnings.map(({ code, message }) => `${code} ${message.split(" has")[0]}`)).toEqual([
    "LORAG_FEW_QUESTIONS the held-out part of examples.jsonl",
    "LORAG_FEW_QUESTIONS the validation part of examples.jsonl",
  ]);
  expect(warnings[1]!.message).toContain("has 1 question, fewer");
});

test("an example whose answer is the abstention, and that names no documents, is one that none answers", async () => {
  const abstains = (documents: object) => ({
    completion: "I cannot answer that from the documents!",
    metadata: documents,
  });
  const prompts = ["Who was the first captain?", "What is the chef's shoe size?"];
  const lines = [abstains({ id: "h1" }), abstains({ id: "h2", documents: ["a.md"] })].map(
    (example, i) => `${JSON.stringify({ prompt: prompts[i], ...example })}\n`,
  );
  const { test, train } = await prepareFiles({
    "lorag.yaml": "test_datasets: [{ path: heldout.jsonl }]\n",
    "examples.jsonl": distinct,
    "heldout.jsonl": heldOut + lines.join(""),
  });
  expect(test.map(({ documents }) => documents)).toEqual([undefined, [], ["a.md"]]);
  expect(train[0]!.documents).toBe(undefined);
});

test("a training question nearly the same as a held-out one is left out, and named with it", async () => {
  const near = line("near", "May my old brown dog travel on the upper deck in the winter?", "It may.");
  const { train, validation, warnings } = await prepareFiles({
    "lorag.yaml": "test_datasets: [{ path: heldout.jsonl }]\n",
    "examples.jsonl": distinct + near,
    "heldout.jsonl": heldOut,
  });
  expect(ids([...train, ...validation])).not.toContain("near");
  expect(told(warnings, "LORAG_NEAR_LEAKS")).toMatch(
    /^1 training question is .* was left out: near \(like h0\)\.$/,
  );
});

test("a repeated example is left out, and named with its file and the one that is kept", async () => {
  const { train, validation, test, warnings } = await prepareFiles({
    "lorag.yaml": "datasets: [{ path: a/examples.jsonl }, { path: b/examples.jsonl }]\n",
    "a/examples.jsonl": distinct,
    "b/examples.jsonl": line("again", "when does the FERRY open", "at 0"),
  });
  expect(ids([...train, ...validation, ...test])).toEqual(["q0", "q1", "q2", "q3", "q4", "q5", "q6"]);
  expect(told(warnings, "LORAG_REPEATED_EXAMPLES")).toMatch(
    /^1 of 8 examples of a\/examples\.jsonl and b\/examples\.jsonl repeats .* was left out: again \(as q0\)\.$/,
  );
});

test("one question with two answers stays, and both are named", async () => {
  const { train, validation, test, warnings } = await prepareFiles({
    "lorag.yaml": "",
    "examples.jsonl": distinct + line("other", "When does the ferry open?", "At noon."),
  });
  expect(ids([...train, ...validation, ...test])).toContain("other");
  expect(told(warnings, "LORAG_CONFLICTING_EXAMPLES")).toMatch(/^q0 and other .*When does the ferry open\?$/);
});

test("an id in two files of one name: both are told apart", async () => {
  const preparing = prepareFiles({
    "lorag.yaml": "datasets: [{ path: examples.jsonl }, { path: more/examples.jsonl }]\n",
    "examples.jsonl": distinct,
    "more/examples.jsonl": line("q3", "Where is the dock?", "There."),
  });
  await expect(preparing).rejects.toMatchObject({
    code: "LORAG_EXAMPLES_INVALID",
    message: `The id "q3" is in examples.jsonl and again in ${join("more", "examples.jsonl")}`,
    next: expect.stringContaining("another `metadata.id`"),
  });
});

test("without a held-out question one can train, but not compare", async () => {
  const { context, ...prepared } = await prepareFiles({
    "lorag.yaml": "test_set_size: 0\nval_set_size: 0\n",
    "examples.jsonl": distinct,
  });
  expect(prepared.train).toHaveLength(7);
  expect(prepared.warnings).toEqual([]);
  expect(() => requireHeldOut(context.project, prepared)).toThrow(
    /test_set_size 0 .* 7 examples of examples\.jsonl/,
  );
});

test("where no arm trains, held-out questions are enough; examples that are asked of nobody are named", async () => {
  const alone = await prepareFiles(
    { "lorag.yaml": "test_datasets: [{ path: heldout.jsonl }]\n", "heldout.jsonl": distinct },
    false,
  );
  expect([alone.train.length, alone.validation.length, alone.test.length]).toEqual([0, 0, 7]);
  expect(told(alone.warnings, "LORAG_NO_EXAMPLES")).toContain("no file examples.jsonl");

  const split = await prepareFiles({ "lorag.yaml": "test_set_size: 2\n", "examples.jsonl": distinct }, false);
  expect(told(split.warnings, "LORAG_NOT_ASKED")).toContain("5 of 7 examples of examples.jsonl");

  const none = { "lorag.yaml": "datasets: []\n" };
  await expect(prepareFiles(none, false)).rejects.toMatchObject({ code: "LORAG_NO_DATASETS" });
  const questions = {
    "lorag.yaml": "datasets: []\ntest_datasets: [{ path: h.jsonl }]\n",
    "h.jsonl": heldOut,
  };
  await expect(prepareFiles(questions)).rejects.toMatchObject({ code: "LORAG_NO_DATASETS" });
  expect((await prepareFiles(questions, false)).test).toHaveLength(1);
});

test("a split that was frozen stays, whatever seed and sizes say, and examples that changed are told", async () => {
  const config = "test_set_size: 2\nval_set_size: 1\n";
  const copy = line("copy", "when does the ferry open", "At 0");
  const made = await prepareFiles({ "lorag.yaml": config, "examples.jsonl": distinct + copy });
  expect(made.leftOut.map(({ example, reason }) => [example.id, reason])).toEqual([["copy", "a copy of q0"]]);
  const { file } = await splitData(made.context);
  const frozen = readFileSync(file, "utf8");
  const partsOf = ({ train, validation, test, leftOut }: Prepared) =>
    [train, validation, test, leftOut.map(({ example }) => example)].map(ids);
  const thawed = (examples: string, more = "", splits = frozen, trains = true) =>
    prepareFiles(
      {
        "lorag.yaml": `${config}seed: 9\nsplits: splits.json\n${more}`,
        "examples.jsonl": examples,
        "splits.json": splits,
      },
      trains,
    );
  expect(partsOf(await thawed(copy + distinct))).toEqual(partsOf(made));
  expect((await thawed(distinct + copy)).testHash).toBe(made.testHash);
  expect((await thawed(distinct + copy, "arms: [base, rag]\n", frozen, false)).train).toHaveLength(5);

  const other = line("q9", "Who runs the bar?", "Ann");
  await expect(thawed(distinct + other)).rejects.toMatchObject({
    code: "LORAG_SPLIT_CHANGED",
    message: expect.stringMatching(/of 2 examples, q9 is new and copy is missing|q9 is new, copy is missing/),
  });
  await expect(thawed(distinct + line("copy", "when does the ferry open", "At 5"))).rejects.toMatchObject({
    message: expect.stringContaining("copy says something else"),
  });
  const moved = frozen.replace('"part": "train"', '"part": "test"');
  await expect(thawed(distinct + copy, "", moved)).rejects.toMatchObject({ code: "LORAG_SPLIT_DAMAGED" });
  await expect(splitData(made.context)).rejects.toMatchObject({ code: "LORAG_FILE_EXISTS" });
});
