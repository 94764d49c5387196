import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tinyLlamaGguf } from "../../formats/gguf.case.ts";
import { writeSafetensors } from "../../formats/index.ts";
import { openModel } from "./open-model.ts";
import { resolveModel } from "./resolve-model.ts";

const shard = (tensors: Record<string, number>) =>
  writeSafetensors(
    new Map(
      Object.entries(tensors).map(([name, value]) => [name, { shape: [1], data: Float32Array.of(value) }]),
    ),
  );

/** A checkpoint with a one-letter tokenizer around the given files. */
async function open(files: Record<string, Uint8Array | object>) {
  const folder = mkdtempSync(join(tmpdir(), "lorag-open-"));
  const all: typeof files = {
    "config.json": {},
    "tokenizer.json": { model: { type: "BPE", vocab: { a: 0 }, merges: [] } },
    ...files,
  };
  for (const [name, content] of Object.entries(all))
    writeFileSync(join(folder, name), content instanceof Uint8Array ? content : JSON.stringify(content));
  return openModel(await resolveModel(folder));
}

const index = "model.safetensors.index.json";
const shards = { "one.safetensors": shard({ a: 1, b: 1 }), "two.safetensors": shard({ a: 2, b: 2 }) };

test("shards are joined as their index says, whatever else they or other files hold", async () => {
  const weight_map = { a: "two.safetensors", b: "one.safetensors" };
  const { weights } = await open({
    ...shards,
    "zz.safetensors": shard({ a: 9, c: 9 }),
    [index]: { weight_map },
  });
  expect(weights.names().map((name) => [name, weights.read(name)[0]])).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
  weights.close();
});

test("model.safetensors is the model, whatever lies beside it", async () => {
  const { weights } = await open({ ...shards, "model.safetensors": shard({ a: 3 }) });
  expect(weights.read("a")[0]).toBe(3);
  weights.close();
});

test.each<[string, Record<string, unknown> | undefined, RegExp]>([
  ["files without an index", undefined, /2 safetensors files/],
  ["an index without a map", {}, /weight_map/],
  ["a shard that is missing", { weight_map: { a: "three.safetensors" } }, /three\.safetensors/],
  ["a shard outside the folder", { weight_map: { a: "../one.safetensors" } }, /\.\.\/one\.safetensors/],
  ["a tensor in another shard", { weight_map: { c: "one.safetensors" } }, /"c" in one\.safetensors/],
])("%s are refused", async (_, map, message) => {
  await expect(open({ ...shards, ...(map && { [index]: map }) })).rejects.toMatchObject({
    code: "LORAG_MODEL_FORMAT",
    message: expect.stringMatching(message),
  });
});

test("an output layer that is stored counts, though the configuration ties it", async () => {
  const config = { tie_word_embeddings: true };
  const tied = await open({ "config.json": config, "model.safetensors": shard({ a: 1 }) });
  expect(tied.config["tie_word_embeddings"]).toBe(true);
  const stored = { "config.json": config, "model.safetensors": shard({ "lm_head.weight": 1 }) };
  expect((await open(stored)).config["tie_word_embeddings"]).toBe(false);
});

test("of several chat templates the default one is taken, and there are no tools in it", async () => {
  const { chatTemplate } = await open({
    "model.safetensors": shard({ a: 1 }),
    "tokenizer_config.json": {
      chat_template: [
        { name: "tool_use", template: "tools" },
        {
          name: "default",
          template:
            "{% if tools is not none or documents is not none %}T{% endif %}{{ messages[0].content }}",
        },
      ],
    },
  });
  expect(chatTemplate?.render([{ role: "user", content: "a" }], { prompt: true })).toBe("a");
});

test("one weight file by its path is another model with another configuration", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-open-"));
  const path = join(folder, "model.safetensors");
  writeFileSync(path, shard({ a: 1 }));
  const fingerprints = [];
  for (const config of ["{}", `{"rope_theta":5}`]) {
    writeFileSync(join(folder, "config.json"), config);
    fingerprints.push((await resolveModel(path)).fingerprint);
  }
  expect(fingerprints[0]).not.toBe(fingerprints[1]);
});

test("what the chat template writes behind an answer ends it, whatever the file states", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "lorag-gguf-")), "tiny.gguf");
  const template = "{% for message in messages %}{{ message['content'] + bos_token }}{% endfor %}";
  writeFileSync(path, tinyLlamaGguf({ "tokenizer.chat_template": template }));
  const model = await openModel(await resolveModel(path));
  model.weights.close();
  expect(model.endIds).toEqual([1, 0]);
});

test("of a GGUF the end of a turn ends an answer too", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "lorag-gguf-")), "tiny.gguf");
  writeFileSync(path, tinyLlamaGguf({ "tokenizer.ggml.eot_token_id": 0 }));
  const model = await openModel(await resolveModel(path));
  model.weights.close();
  expect(model.endIds).toEqual([1, 0]);
});
