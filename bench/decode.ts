import { openDecoder, type LoadedAdapter, type RowInput } from "../src/inference/index.ts";
import { adapterGroups, groupShape, linearGroups, openModel, resolveModel } from "../src/models/index.ts";
import { openLlamaPeers } from "./llama-peers.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";

const context = 384;
const steps = 16;
const rounds = 3;
const threads = 2;
const rank = 8;

/** Tokens a second at a filled context of 384, all sequences one token a step, against llama.cpp. */
export async function run(): Promise<BenchResult> {
  const model = await openModel(await resolveModel("smollm2-135m-instruct"));
  const { decoder, cache, config } = await openDecoder(model, { precision: "int8", threads });
  cache.reserve(32, context + 2 * steps, []);
  await fillCache();
  const adapters = Array.from({ length: 8 }, (_, i) => makeAdapter(`adapter-${i}`));
  await decoder.adaptersChanged(adapters);

  const decode = async (sequences: number, adapterOf: (row: number) => LoadedAdapter | undefined) => {
    const times: number[] = [];
    for (let step = 0; step < steps; step++) {
      const rows = Array.from({ length: sequences }, (_, row): RowInput => {
        return { tokens: [500 + 7 * row + step], past: context + step, adapter: adapterOf(row) };
      });
      const began = performance.now();
      await decoder.decode(rows, false);
      times.push(performance.now() - began);
    }
    return (1000 * sequences) / Math.min(...times);
  };
  const { native, node } = await openLlamaPeers();
  const peer = (sequences: number) => ({ job: "decode" as const, sequences, context, steps });
  const best = await interleave(
    rounds,
    {
      one: () => decode(1, () => undefined),
      "1 native": () => native.best(peer(1)),
      eight: () => decode(8, () => undefined),
      "8 native": () => native.best(peer(8)),
      "8 node-llama-cpp": () => node.best(peer(8)),
      many: () => decode(32, () => undefined),
      "32 native": () => native.best(peer(32)),
      "32 with one adapter": () => decode(32, () => adapters[0]),
      "32 with eight": () => decode(32, (row) => adapters[row % adapters.length]),
    },
    "higher",
  );
  native.close();
  node.close();
  await decoder.close();

  const perSecond = (rate: number): string => `${round(rate)} tokens/s`;
  const row = (name: string, ours: number, other: number) => ({
    name,
    value: round(ours / other),
    unit: "speed-up",
    ours: perSecond(ours),
    peer: perSecond(other),
  });
  return {
    bench: "decode",
    machine: describeMachine(),
    rows: [
      row("1/native", best.one, best["1 native"]),
      row("8/native", best.eight, best["8 native"]),
      row("32/native", best.many, best["32 native"]),
      row("8/node-llama-cpp", best.eight, best["8 node-llama-cpp"]),
      row("32x8adapters/32", best["32 with eight"], best["32 with one adapter"]),
    ],
  };

  async function fillCache(): Promise<void> {
    const tokens = Array.from({ length: context }, (_, i) => 100 + i);
    await decoder.prefill(0, { tokens, past: 0, adapter: undefined }, false);
    for (let row = 1; row < 32; row++) cache.move(0, row, context);
  }

  /** Small numbers everywhere: what they are does not change the time. */
  function makeAdapter(name: string): LoadedAdapter {
    const groups = adapterGroups(config).map(({ name, group }) => {
      const [outputs, inputs] = groupShape(config, group);
      const width = rank * linearGroups[group].length;
      const a = new Float32Array(inputs * width).fill(1e-3);
      const b = new Float32Array(width * outputs).fill(1e-3);
      return [name, { inputs, outputs, width, a, b }] as const;
    });
    return { name, groups: new Map(groups) };
  }
}
