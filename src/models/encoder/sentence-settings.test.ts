import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSentenceSettings, type SentenceSettings } from "./sentence-settings.ts";

function read(files: Record<string, unknown>): Promise<SentenceSettings> {
  const folder = mkdtempSync(join(tmpdir(), "lorag-sentence-"));
  mkdirSync(join(folder, "1_Pooling"));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content));
  return readSentenceSettings(
    { name: "some/model", source: "local", folder, files: [], fingerprint: "" },
    512,
  );
}

const modules = (...types: string[]) =>
  types.map((type, idx) => ({
    idx,
    path: idx === 0 ? "" : `${idx}_${type}`,
    type: `sentence_transformers.models.${type}`,
  }));
const flags = { pooling_mode_cls_token: false, pooling_mode_mean_tokens: true };

test.each<[string, Record<string, unknown>, number]>([
  ["nothing", {}, 512],
  ["old flags", { "1_Pooling/config.json": { word_embedding_dimension: 4, ...flags } }, 512],
  ["a mode by name", { "1_Pooling/config.json": { pooling_mode: "mean", include_prompt: true } }, 512],
  ["the usual modules", { "modules.json": modules("Transformer", "Pooling", "Normalize") }, 512],
  ["a limit", { "sentence_bert_config.json": { max_seq_length: 128 } }, 128],
  ["the tokenizer's limit", { "tokenizer_config.json": { model_max_length: 32 } }, 32],
  [
    "both, of which the model's counts",
    {
      "sentence_bert_config.json": { max_seq_length: 256 },
      "tokenizer_config.json": { model_max_length: 128 },
    },
    256,
  ],
  ["prompts that are not asked for", { "config_sentence_transformers.json": { prompts: { q: "x" } } }, 512],
])("a model with %s", async (_, files, expected) => {
  const plain = { pooling: "mean", prompts: { query: "", passage: "" } };
  expect(await read(files)).toEqual({ maxTokens: expected, ...plain });
});

test.each<[string, Record<string, unknown>]>([
  [
    "mean and first token side by side",
    { "1_Pooling/config.json": { ...flags, pooling_mode_cls_token: true } },
  ],
  ["two modes by name", { "1_Pooling/config.json": { pooling_mode: ["mean", "cls"] } }],
  ["a layer after the pooling", { "modules.json": modules("Transformer", "Pooling", "Dense") }],
  ["no pooling", { "modules.json": modules("Transformer") }],
  ["its weighted mean", { "1_Pooling/config.json": { pooling_mode_weightedmean_tokens: true } }],
])("a model with %s is refused", async (_, files) => {
  await expect(read(files)).rejects.toMatchObject({ code: "LORAG_MODEL_CONFIG" });
});

test.each([
  [{ pooling_mode: "cls" }],
  [{ ...flags, pooling_mode_mean_tokens: false, pooling_mode_cls_token: true }],
])("the first token is the vector of a model that says so: %j", async (pooling) => {
  expect((await read({ "1_Pooling/config.json": pooling })).pooling).toBe("cls");
});

test.each<[Record<string, unknown>, SentenceSettings["prompts"]]>([
  [{ prompts: { query: "query: ", passage: "passage: " } }, { query: "query: ", passage: "passage: " }],
  [{ prompts: { query: "Find: ", document: "" } }, { query: "Find: ", passage: "" }],
  [
    { prompts: { q: "text: " }, default_prompt_name: "q" },
    { query: "text: ", passage: "text: " },
  ],
  [
    { prompts: { query: "ask: ", q: "text: " }, default_prompt_name: "q" },
    { query: "ask: ", passage: "text: " },
  ],
  [
    { prompts: null, default_prompt_name: null },
    { query: "", passage: "" },
  ],
])("prompts are those that the model's own file states: %j", async (json, expected) => {
  expect((await read({ "config_sentence_transformers.json": json })).prompts).toEqual(expected);
});
