import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  adapterMatrices,
  parameterTensors,
  layoutAdapter,
  decoderModules,
  openModel,
  parseDecoderConfig,
  resolveModel,
  type LoraConfig,
} from "../../models/index.ts";
import { adapterLogits } from "../../models/decoder/adapter-logits.case.ts";
import { openDecoder } from "./open-decoder.ts";
import { seededRandom } from "../../random/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-decoder-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = async () => openModel(await resolveModel("smollm2-135m-instruct"));

/** What follows the last of the ids. */
async function logitsOf(ids: readonly number[], lora: LoraConfig, adapter: Float32Array) {
  const model = await open();
  const logits = await adapterLogits(folder, model, ids, lora, () => adapter);
  return logits.slice(-parseDecoderConfig(model.config).vocabularySize);
}

/** Parameters of noise, strong enough to be seen. */
function noise(size: number, seed: number) {
  const random = seededRandom(seed);
  return Float32Array.from({ length: size }, () => (random() - 0.5) * 0.1);
}

const largestGap = (a: Float32Array, b: Float32Array): number =>
  a.reduce((gap, value, i) => Math.max(gap, Math.abs(value - b[i]!)), 0);

// In float32: in int8 generation rounds its output layer and the cache of rows, which training does not.
it(
  "applies adapters as training does, to prompts and to rows with different ones",
  { timeout: 120_000 },
  async () => {
    const model = await open();
    const { decoder, caches, config } = await openDecoder(model, { arithmetic: "f32", threads: 2 });
    // Some modules of a group alone, a rank of more than one piece, and another rank beside it.
    const adapters = [
      { rank: 20, alpha: 10, dropout: 0, targets: ["q_proj", "v_proj", "up_proj"] },
      { rank: 3, alpha: 6, dropout: 0, targets: "all-linear" as const },
    ].map((lora, seed) => {
      const layout = layoutAdapter(decoderModules(config), lora);
      const values = noise(layout.size, seed);
      const stored = [...parameterTensors(layout, values)];
      const tensors = new Map(stored.map(([name, { shape, values: data }]) => [name, { shape, data }]));
      const groups = adapterMatrices(config, { baseModel: "m", ...lora, targets: undefined, tensors });
      return { lora, values, loaded: { name: `${seed}`, groups } };
    });
    await decoder.adaptersChanged(adapters.map(({ loaded }) => loaded));
    caches.reading.resize(1, 32, []);
    caches.decoding.resize(2, 32, []);

    const prompt = model.tokenizer.encode("The tide turned before the boats came home, and the harbour");
    for (const [row, { lora, values, loaded }] of adapters.entries()) {
      const { logits } = await decoder.prefill({ tokens: prompt, past: 0, adapter: loaded }, true);
      const expected = await logitsOf(prompt, lora, values);
      expect(largestGap(logits!, expected)).toBeLessThan(1e-3);
      await decoder.settle(row, prompt.length);
    }
    const next = 100;
    const rows = adapters.map(({ loaded }) => ({ tokens: [next], past: prompt.length, adapter: loaded }));
    const { logits } = await decoder.decode(rows, true);
    for (const [row, { lora, values }] of adapters.entries()) {
      const ours = logits!.slice(row * config.vocabularySize, (row + 1) * config.vocabularySize);
      const expected = await logitsOf([...prompt, next], lora, values);
      expect(largestGap(ours, expected)).toBeLessThan(1e-3);
    }
    await decoder.close();
  },
);
