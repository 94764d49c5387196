import { spawnSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  adapterFiles,
  ggufAdapterPieces,
  ggufModelPieces,
  mergeAdapter,
  openModel,
  readAdapter,
  resolveModel,
  writeAdapter,
  writeCheckpointFolder,
  type Adapter,
  type OpenModel,
  type ResolvedModel,
} from "../../src/models/index.ts";
import { writeFileAtomic, writeFolderAtomic } from "../../src/platform/index.ts";
import { scoreExamples, trainAdapter } from "../../src/training/index.ts";
import { encodeExample } from "../../src/training/objectives/encode.ts";
import { encodeOptions } from "../../src/training/objectives/model-encoding.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "../../src/training/tiny-llama.case.ts";

const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
const library = join(peers, "node/node_modules/node-llama-cpp/dist/index.js");
const examples = colourExamples(6, 5);
const texts = ["so what is b?", "  Two spaces,  and 12 things!\n"];
let project: string;
let resolved: ResolvedModel;
let base: OpenModel;
let adapter: Adapter;
let sequences: { ids: number[]; start: number }[];
let ours: number[][];

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "lorag-export-"));
  process.env["LORAG_HOME"] = join(project, "cache");
  await writeTinyLlama(join(project, "model"));
  resolved = await resolveModel(join(project, "model"));
  base = await openModel(resolved);
  await trainAdapter({
    model: resolved,
    train: colourExamples(24, 1),
    validation: [],
    settings: { ...tinySettings, peft_use_rslora: true },
    folder: join(project, "adapter"),
    checkpoints: join(project, "checkpoints"),
  });
  adapter = await readAdapter(join(project, "adapter"));
  const encoding = encodeOptions(base);
  sequences = examples.map((example) => {
    const { ids, completionStart } = encodeExample(example, encoding);
    return { ids: [...ids], start: completionStart };
  });
  const [scored] = await scoreExamples([
    { model: resolved, adapter: join(project, "adapter"), examples, scratch: join(project, "scratch") },
  ]);
  ours = scored!.map(({ logProbabilities }) => logProbabilities);
});

const merged = (): OpenModel => mergeAdapter(base, adapter);

interface Reply {
  log_probabilities: number[][];
  tokens: number[][];
  chats?: string[];
  template?: string;
}

function ask(command: string, args: string[], job: object): Reply {
  const input = JSON.stringify({ sequences, texts, ...job });
  const run = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(run.stderr || String(run.error));
  return JSON.parse(run.stdout.trim().split("\n").at(-1)!) as Reply;
}
const inTransformers = (job: object) =>
  ask(join(peers, "bin/python"), ["test/golden/log_probabilities.py"], job);
const inLlama = (job: object) => ask(process.execPath, ["bench/peers/node_llama_scores.mjs", library], job);

function expectClose(found: number[][], allowed: number): void {
  expect(found.map((list) => list.length)).toEqual(ours.map((list) => list.length));
  const gaps = found.flatMap((list, i) => list.map((value, j) => Math.abs(value - ours[i]![j]!)));
  expect(Math.max(...gaps)).toBeLessThan(allowed);
}

const ownTokens = () => texts.map((text) => base.tokenizer.encode(text));

test("the adapter in PEFT", async () => {
  await writeAdapter(join(project, "peft"), adapter);
  expect([...adapterFiles(adapter).keys()]).toContain("adapter_config.json");
  const found = inTransformers({ model: join(project, "model"), adapter: join(project, "peft") });
  expectClose(found.log_probabilities, 1e-3);
});

test("the merged folder in transformers, from a folder and from a GGUF", async () => {
  await writeFolderAtomic(join(project, "merged"), (write) =>
    writeCheckpointFolder(merged(), resolved, write),
  );
  const chats = examples.map(({ prompt }) => prompt);
  const found = inTransformers({ model: join(project, "merged"), chats });
  expectClose(found.log_probabilities, 1e-3);
  expect(found.tokens).toEqual(ownTokens());
  await writeFileAtomic(join(project, "f32.gguf"), ggufModelPieces(merged(), "F32"));
  const again = await resolveModel(join(project, "f32.gguf"));
  const opened = await openModel(again);
  await writeFolderAtomic(join(project, "from-gguf"), (write) => writeCheckpointFolder(opened, again, write));
  const second = inTransformers({ model: join(project, "from-gguf"), chats });
  expectClose(second.log_probabilities, 1e-3);
  expect(second.tokens).toEqual(ownTokens());
  expect(second.chats).toEqual(chats.map((chat) => base.chatTemplate!.render(chat, { prompt: true })));
});

test.each([
  ["F32", 1e-3],
  ["F16", 0.05],
  ["Q8_0", 0.5],
] as const)("a merged GGUF in %s in node-llama-cpp", async (type, allowed) => {
  const model = join(project, `${type}.gguf`);
  await writeFileAtomic(model, ggufModelPieces(merged(), type));
  const found = inLlama({ model });
  expectClose(found.log_probabilities, allowed);
  expect(found.tokens).toEqual(ownTokens());
  expect(found.template).toBe(base.sources.chatTemplate);
});

test("the adapter for llama.cpp beside its base, and gguf's own rounding to Q8_0", async () => {
  const model = join(project, "base.gguf");
  await writeFileAtomic(model, ggufModelPieces(base, "F32"));
  await writeFileAtomic(join(project, "adapter.gguf"), ggufAdapterPieces(base, adapter));
  expectClose(inLlama({ model, adapter: join(project, "adapter.gguf") }).log_probabilities, 1e-3);
  await writeFileAtomic(join(project, "q8.gguf"), ggufModelPieces(base, "Q8_0"));
  const script = `
import sys, numpy
from gguf import GGUFReader
from gguf.quants import quantize
plain = {t.name: t for t in GGUFReader(sys.argv[1]).tensors}
count = 0
for tensor in GGUFReader(sys.argv[2]).tensors:
    if tensor.tensor_type.name == "Q8_0":
        count += 1
        expected = quantize(plain[tensor.name].data, tensor.tensor_type)
        assert numpy.array_equal(expected, tensor.data), tensor.name
print(count)`;
  await writeFile(join(project, "quants.py"), script);
  const run = spawnSync(
    join(peers, "bin/python"),
    [join(project, "quants.py"), model, join(project, "q8.gguf")],
    {
      encoding: "utf8",
    },
  );
  expect(run.stderr).toBe("");
  expect(Number(run.stdout)).toBeGreaterThan(5);
});
