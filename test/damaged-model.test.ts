import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { tinyLlamaGguf } from "../src/formats/gguf.case.ts";
import { createLocalModel } from "../src/inference/index.ts";
import { resolveModel, writeAdapter } from "../src/models/index.ts";
import { tinyConfig, writeTinyLlama } from "../src/training/tiny-llama.case.ts";
import { makeProject } from "./lorag.case.ts";

/** What is wrong in a model's content is told with the file's path, though its readers do not know that. */
const folder = makeProject({});
const open = async (path: string) => createLocalModel({ model: await resolveModel(path), threads: 1 });

beforeAll(() => {
  process.env["LORAG_HOME"] = join(folder, "cache");
});

test.each<[string, string, Parameters<typeof tinyLlamaGguf>[0]]>([
  ["other-architecture", "LORAG_GGUF_UNSUPPORTED", { "general.architecture": "mamba" }],
  ["other-tokenizer", "LORAG_GGUF_TOKENIZER", { "tokenizer.ggml.model": "llama" }],
  ["long-context", "LORAG_MODEL_CONFIG", { "llama.context_length": 2 ** 31 - 1 }],
  ["wide", "LORAG_TENSOR_SHAPE", { "llama.embedding_length": 16 }],
  ["deep", "LORAG_TENSOR_MISSING", { "llama.block_count": 2 }],
])("%s.gguf: %s", async (name, code, changed) => {
  const path = join(folder, `${name}.gguf`);
  writeFileSync(path, tinyLlamaGguf(changed));
  await expect(open(path)).rejects.toMatchObject({ code, message: expect.stringContaining(`${path}: `) });
});

test("a checkpoint's tokenizer and configuration", async () => {
  const path = join(folder, "checkpoint");
  await writeTinyLlama(path);
  const tokenizer = readFileSync(join(path, "tokenizer.json"));
  writeFileSync(join(path, "tokenizer.json"), "{}");
  const named = { message: expect.stringContaining(`${path}: `) };
  await expect(open(path)).rejects.toMatchObject({ code: "LORAG_TOKENIZER_INVALID", ...named });
  writeFileSync(join(path, "tokenizer.json"), tokenizer);
  writeFileSync(join(path, "config.json"), JSON.stringify({ ...tinyConfig, intermediate_size: 96 }));
  await expect(open(path)).rejects.toMatchObject({ code: "LORAG_TENSOR_SHAPE", ...named });
});

test("an adapter of another model", async () => {
  const path = join(folder, "whole");
  await writeTinyLlama(path);
  const generator = await open(path);
  const adapter = join(folder, "adapter");
  const tensors = ["A", "B"].map(
    (kind) =>
      [
        `base_model.model.model.layers.9.self_attn.q_proj.lora_${kind}.weight`,
        { shape: kind === "A" ? [1, 32] : [32, 1], data: new Float32Array(32) },
      ] as const,
  );
  await writeAdapter(adapter, { baseModel: "", rank: 1, alpha: 1, dropout: 0, tensors: new Map(tensors) });
  await expect(generator.loadAdapter("tuned", adapter)).rejects.toMatchObject({
    code: "LORAG_ADAPTER_MISMATCH",
    message: expect.stringContaining(`${adapter}: `),
  });
  await generator.close();
});
