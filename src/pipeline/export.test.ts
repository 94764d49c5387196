import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { colourExamples, writeTinyLlama } from "../training/tiny-llama.case.ts";
import { openProject, type Context } from "./context.ts";
import { exportArm, type ExportOptions } from "./export.ts";

let folder: string;
let context: Context;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-export-"));
  process.env["LORAG_HOME"] = join(folder, "cache");
  await writeTinyLlama(join(folder, "model"));
  const config = [
    "base_model: ./model",
    "arms: [base, tuned]",
    "system_prompt: Be brief.",
    "arithmetic: f32",
    "lora_r: 4",
    "learning_rate: 0.02",
    "num_epochs: 2",
    "sequence_len: 128",
    "abstain_answer: No.",
    "max_new_tokens: 8",
    "documents: none",
  ];
  await writeFile(join(folder, "lorag.yaml"), config.join("\n"));
  const examples = colourExamples(60, 1).map(({ prompt, completion }, i) => ({
    prompt: `${prompt.at(-1)!.content.replace("?", "")} ${String.fromCharCode(97 + (i % 26))}${i}?`,
    completion,
  }));
  await writeFile(join(folder, "examples.jsonl"), examples.map((line) => JSON.stringify(line)).join("\n"));
  context = await openProject(folder);
});

const run = (changed: Partial<ExportOptions>) =>
  exportArm(context, "tuned", {
    kind: "merged",
    type: "F16",
    out: join(folder, "out"),
    examples: 4,
    ...changed,
  });

test("what is written is checked on validation examples and replaces an earlier export", async () => {
  const merged = await run({ kind: "merged" });
  expect(merged.files).toContain("model.safetensors");
  expect(merged.parity.largestDifference).toBeLessThan(0.001);
  expect(merged.parity.sameAnswers).toBe(1);
  const { files, parity } = await run({ kind: "ollama" });
  expect(files).toEqual(["Modelfile", "model.gguf"]);
  expect(parity.largestDifference).toBeGreaterThan(0);
  const modelfile = await readFile(join(folder, "out", "Modelfile"), "utf8");
  expect(modelfile).toMatch(/^FROM \.\/model\.gguf\nTEMPLATE """/);
  expect(modelfile).toContain('SYSTEM """Be brief. If you cannot answer, say: No."""');
  expect(modelfile).toContain('PARAMETER stop "<|im_end|>"');
});

test("what is further away than the threshold is not kept", async () => {
  const out = join(folder, "far");
  await expect(run({ kind: "gguf", type: "Q8_0", out, threshold: 1e-9 })).rejects.toMatchObject({
    code: "LORAG_PARITY",
  });
  expect(await readdir(folder)).not.toContain("far");
});

test("a folder that is something else, and an arm without tuning, are left alone", async () => {
  await expect(run({ out: join(folder, "model") })).rejects.toMatchObject({ code: "LORAG_EXPORT_FOLDER" });
  await expect(
    exportArm(context, "base", { kind: "peft", type: "F16", out: join(folder, "b"), examples: 4 }),
  ).rejects.toMatchObject({
    code: "LORAG_NOTHING_TO_EXPORT",
  });
});
