import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { colourExamples, writeTinyLlama } from "../training/tiny-llama.case.ts";
import { openProject, type Context } from "./context.ts";
import { adapterOf } from "./adapter-spec.ts";
import { importAdapter } from "./import-adapter.ts";
import { findImported } from "./steps/ensure-adapter.ts";
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

test("an exported adapter comes back as an arm of its own; one of another base does not", async () => {
  const out = join(folder, "peft");
  await run({ kind: "peft", out });
  await expect(importAdapter(context, out, { name: "theirs" })).resolves.toMatchObject({
    path: "adapters/theirs",
    rank: 4,
  });
  const config = await readFile(join(folder, "lorag.yaml"), "utf8");
  const entry = "{name: theirs, preset: tuned, adapter: adapters/theirs}";
  await writeFile(join(folder, "lorag.yaml"), config.replace("[base, tuned]", `[base, ${entry}]`));
  const { project } = await openProject(folder);
  const [, arm] = project.arms;
  expect(arm).not.toHaveProperty("tuning");
  const spec = adapterOf(project, arm!)!;
  expect(spec).toMatchObject({ imported: true, folder: join(folder, "adapters/theirs") });
  expect(adapterOf(project, arm!, { seed: 3 })).toBeUndefined();
  await expect(findImported(spec)).resolves.toMatchObject({ name: spec.key });
  await writeFile(join(folder, "lorag.yaml"), config);

  const peft = JSON.parse(await readFile(join(out, "adapter_config.json"), "utf8")) as object;
  await writeFile(
    join(out, "adapter_config.json"),
    JSON.stringify({ ...peft, base_model_name_or_path: "a/b" }),
  );
  await expect(importAdapter(context, out, { name: "other" })).rejects.toMatchObject({
    code: "LORAG_ADAPTER_MISMATCH",
  });
  expect(await readdir(join(folder, "adapters"))).toEqual(["theirs"]);
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
