import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adapterMatrices, decoderModules, layoutAdapter, type OpenModel } from "../../models/index.ts";
import { adapterLogits } from "../../models/decoder/adapter-logits.case.ts";
import {
  goldenAdapter,
  goldenDecoders,
  recordedStep,
  type GoldenDecoder,
} from "../../models/decoder/golden-decoders.case.ts";
import { goldenWeights } from "../../models/golden-weights.case.ts";
import { sha256 } from "../../platform/index.ts";
import { openDecoder } from "./open-decoder.ts";

let home: string;
const before = process.env["LORAG_HOME"];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "lorag-architectures-"));
  process.env["LORAG_HOME"] = home;
});
afterAll(async () => {
  if (before === undefined) delete process.env["LORAG_HOME"];
  else process.env["LORAG_HOME"] = before;
  await rm(home, { recursive: true });
});

const lora = { rank: 3, alpha: 6, dropout: 0, targets: "all-linear" as const };

function openGolden(name: string, golden: GoldenDecoder): OpenModel {
  return {
    name,
    config: golden.config,
    weights: goldenWeights(golden.tensors),
    fingerprint: sha256(name),
  } as OpenModel;
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  const gaps = Array.from(found, (value, i) => Math.abs(value - expected[i]!));
  expect(Math.max(...gaps)).toBeLessThan(1e-3);
}

test.each(Object.entries(goldenDecoders))(
  "%s: read and continued over a cache, bare and with an adapter in one batch, as transformers has it",
  async (name, golden) => {
    const { decoder, caches, config } = await openDecoder(openGolden(name, golden), {
      arithmetic: "f32",
      threads: 1,
    });
    const size = config.vocabularySize;
    const layout = layoutAdapter(decoderModules(config), lora);
    const stored = goldenAdapter(golden);
    const values = new Float32Array(layout.size);
    for (const { name, shape, offset } of layout.tensors)
      values.set(stored.get(name)!.subarray(0, shape[0] * shape[1]), offset);
    const tensors = new Map(
      layout.tensors.map(({ name, shape, offset }) => [
        name,
        { shape, data: values.subarray(offset, offset + shape[0] * shape[1]) },
      ]),
    );
    const adapter = {
      name: "a",
      groups: adapterMatrices(config, { baseModel: "", ...lora, targets: undefined, tensors }),
    };
    await decoder.adaptersChanged([adapter]);
    const tuned = await adapterLogits(
      join(home, sha256(name)),
      openGolden(name, golden),
      golden.ids,
      lora,
      () => values,
    );

    const bareAt = (position: number) =>
      golden.logits.slice((position / recordedStep) * size, (position / recordedStep + 1) * size);
    const tunedAt = (position: number) => tuned.slice(position * size, (position + 1) * size);
    caches.reading.resize(1, 32, []);
    caches.decoding.resize(2, 32, []);
    // Read in two pieces, the second of which looks back into the cache; then token by token.
    const [piece, prompt] = [7, 13];
    for (const [row, member] of [undefined, adapter].entries()) {
      await decoder.prefill({ tokens: golden.ids.slice(0, piece), past: 0, adapter: member }, false);
      const rest = { tokens: golden.ids.slice(piece, prompt), past: piece, adapter: member };
      const { logits } = await decoder.prefill(rest, true);
      expectClose(logits!, member ? tunedAt(prompt - 1) : bareAt(prompt - 1));
      await decoder.settle(row, prompt);
    }
    for (let past = prompt; past < golden.ids.length; past++) {
      const row = { tokens: [golden.ids[past]!], past };
      const { logits } = await decoder.decode(
        [
          { ...row, adapter: undefined },
          { ...row, adapter },
        ],
        true,
      );
      if (past % recordedStep === 0) expectClose(logits!.slice(0, size), bareAt(past));
      expectClose(logits!.slice(size, 2 * size), tunedAt(past));
    }
    await decoder.close();
  },
);
