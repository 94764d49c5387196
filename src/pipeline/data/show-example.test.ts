import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeTinyLlama } from "../../training/tiny-llama.case.ts";
import { openProject } from "../context.ts";
import { showExample, showParts } from "./show-example.ts";

const example = (id: string, prompt: string, completion: string, more: object = {}) => ({
  prompt,
  completion,
  metadata: { id, ...more },
});
const lines = [
  example("a", "What does a visit cost?", "9 florins", { documents: ["fares.md"] }),
  example("b", "Is it open on Mars?", "I cannot tell.", { documents: [] }),
  example("c", "How far is it?", "5 km", { grading: { mode: "number", tolerance: "5%" }, accept: ["3 mi"] }),
  example("d", "What does a visit cost?", "9 florins", { documents: ["fares.md"] }),
  ...Array.from({ length: 12 }, (_, i) => example(`e${i}`, `Who keeps gate number ${i}?`, `Keeper ${i}`)),
];

async function project(more = ""): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-show-"));
  await writeFile(join(folder, "examples.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
  if (more === "") await writeTinyLlama(join(folder, "tiny"));
  await writeFile(join(folder, "lorag.yaml"), more || "base_model: ./tiny\nsystem_prompt: Be brief.\n");
  return folder;
}

test("an example is shown as rendered, with the tokens that are trained and how it is graded", async () => {
  const context = await openProject(await project());
  const a = await showExample(context, "a");
  expect(a.prompt).toContain("Be brief.");
  expect(a.prompt).toContain("What does a visit cost?");
  expect(a.trained!.join("")).toContain("9 florins");
  expect(a.documents).toEqual(["fares.md"]);
  expect(a.grading).toMatchObject({
    mode: "auto",
    why: "Nothing else is asked for, and the golds are no set of labels.",
    golds: ["9 florins"],
  });
  expect((await showExample(context, "b")).grading).toMatchObject({
    mode: "abstention",
    why: "No document answers it, so that only saying so is right.",
  });
  // By the number of its line.
  expect((await showExample(context, "3")).grading).toMatchObject({
    mode: "number",
    why: "Its own `metadata.grading` says so.",
    settings: { mode: "number", tolerance: "5%" },
    golds: ["5 km", "3 mi"],
    steps: ["gold: 5 ± 0.25", "answer: 5"],
  });
  expect((await showParts(context)).leftOut).toEqual([{ id: "d", reason: "a copy of a" }]);
});

test("of a model behind an endpoint, the messages are shown", async () => {
  const folder = await project(
    "models: { far: { endpoint: 'http://127.0.0.1:9/v1', model: m } }\nbase_model: far\n",
  );
  const shown = await showExample(await openProject(folder), "a");
  expect(shown).toMatchObject({ trained: null, promptTokens: null });
  expect(shown.prompt).toMatch(/^system: .*\nuser: What does a visit cost\?\n$/);
});
