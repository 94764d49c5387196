import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { randomStream } from "../random/index.ts";
import type { FloatTensor } from "../formats/index.ts";
import { adapterLogits } from "../models/decoder/adapter-logits.case.ts";
import {
  adapterModules,
  bindAdapter,
  decoderModules,
  ggufAdapterPieces,
  ggufModelPieces,
  mergeAdapter,
  ollamaModelfile,
  openModel,
  parseDecoderConfig,
  readGgufAdapter,
  resolveModel,
  writeCheckpointFolder,
  type Adapter,
  type OpenModel,
  type ResolvedModel,
} from "../models/index.ts";
import { writeFileAtomic, writeFolderAtomic } from "../platform/index.ts";
import { colourExamples, writeTinyLlama } from "./tiny-llama.case.ts";

let folder: string;
let resolved: ResolvedModel;
let adapter: Adapter;
let ids: number[];
let expected: Float32Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-export-"));
  process.env["LORAG_HOME"] = join(folder, "cache");
  await writeTinyLlama(join(folder, "model"));
  resolved = await resolveModel(join(folder, "model"));
  const base = await openModel(resolved);
  adapter = randomAdapter(base);
  ids = base.tokenizer.encode(base.chatTemplate!.render(colourExamples(1, 5)[0]!.prompt, { prompt: true }));
  expected = await logitsWith(base, adapter);
  // It changes much, so that one that is lost is seen.
  expect(largestGap(await bareLogits(await openModel(resolved)), expected)).toBeGreaterThan(1);
});

/** On queries, values and the way down of one layer, with the scale of rsLoRA. */
function randomAdapter(base: OpenModel): Adapter {
  const random = randomStream(3);
  const tensors = new Map<string, FloatTensor>();
  for (const { path, inputs, outputs } of modulesOf(base)) {
    if (!/q_proj|k_proj|down_proj/.test(path)) continue;
    for (const [kind, shape] of [
      ["A", [4, inputs]],
      ["B", [outputs, 4]],
    ] as const) {
      const data = Float32Array.from({ length: shape[0] * shape[1] }, () => 0.4 * (random() - 0.5));
      tensors.set(`base_model.model.${path}.lora_${kind}.weight`, { shape: [...shape], data });
    }
  }
  return { baseModel: "tiny", rank: 4, alpha: 6, rankStabilized: true, dropout: 0, tensors };
}

const modulesOf = ({ config }: OpenModel) => decoderModules(parseDecoderConfig(config));

let compiled = 0;
const logitsWith = (model: OpenModel, tuned: Adapter): Promise<Float32Array> =>
  adapterLogits(
    join(folder, `compiled-${compiled++}`),
    model,
    ids,
    { ...tuned, targets: adapterModules(tuned) },
    (layout) => bindAdapter(layout, tuned),
  );

/** Those of a model without any: an adapter of zeros. */
const bareLogits = (model: OpenModel): Promise<Float32Array> => {
  const tensors = [...adapter.tensors].map(([name, { shape, data }]): [string, FloatTensor] => [
    name,
    { shape, data: new Float32Array(data.length) },
  ]);
  return logitsWith(model, { ...adapter, tensors: new Map(tensors) });
};

const largestGap = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length);
  return a.reduce((gap, value, i) => Math.max(gap, Math.abs(value - b[i]!)), 0);
};

const merged = async (): Promise<OpenModel> => {
  const base = await openModel(resolved);
  return mergeAdapter(base, adapter);
};

const save = async (name: string, pieces: Iterable<Uint8Array>): Promise<string> => {
  await writeFileAtomic(join(folder, name), pieces);
  return join(folder, name);
};

test("merged, then written and read again, is the base with the adapter beside it", async () => {
  await writeFolderAtomic(join(folder, "merged"), async (write) =>
    writeCheckpointFolder(await merged(), resolved, write),
  );
  const again = await openModel(await resolveModel(join(folder, "merged")));
  expect(largestGap(await bareLogits(again), expected)).toBeLessThan(1e-4);
});

test.each([
  ["F32", 1e-4],
  ["F16", 0.02],
  ["Q8_0", 0.3],
] as const)(
  "a GGUF in %s is the same model with the same tokens and chat template",
  async (type, allowed) => {
    const path = await save(`${type}.gguf`, ggufModelPieces(await merged(), type));
    const again = await openModel(await resolveModel(path));
    const base = await openModel(resolved);
    const chat = colourExamples(1, 6)[0]!.prompt;
    expect(again.chatTemplate!.render(chat, { prompt: true })).toBe(
      base.chatTemplate!.render(chat, { prompt: true }),
    );
    expect(again.endIds).toContain(base.endIds[0]);
    expect(again.tokenizer.encode("so what is b? <|im_end|>")).toEqual(
      base.tokenizer.encode("so what is b? <|im_end|>"),
    );
    const gap = largestGap(await bareLogits(again), expected);
    expect(gap).toBeLessThan(allowed);
    // A second file made of the first one says the same: a GGUF is a base like any other.
    const copy = await save(
      `${type}-2.gguf`,
      ggufModelPieces(await openModel(await resolveModel(path)), "F32"),
    );
    const second = await openModel(await resolveModel(copy));
    expect(largestGap(await bareLogits(second), expected)).toBeLessThan(allowed);
  },
);

test("an adapter for llama.cpp reads back as what it was, its scale included", async () => {
  const base = await openModel(resolved);
  const path = await save("adapter.gguf", ggufAdapterPieces(base, adapter));
  const again = readGgufAdapter(path, base);
  expect(new Map(again.tensors)).toEqual(new Map(adapter.tensors));
  expect(largestGap(await logitsWith(base, again), expected)).toBeLessThan(1e-4);
});

test("a Modelfile stops where the model was trained to stop", async () => {
  const text = ollamaModelfile(await openModel(resolved), {
    from: "./m.gguf",
    system: "Be brief.",
    maxTokens: 9,
  });
  expect(text).toContain('PARAMETER stop "<|im_end|>"');
  expect(text).toContain("TEMPLATE");
});
