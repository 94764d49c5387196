import { startWorker } from "../src/platform/index.ts";
import type { DecoderMethods } from "./decoder-side.ts";
import { openLlamaPeers } from "./llama-peers.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";

const context = 384;
const steps = 16;
const rounds = 3;

/**
 * Tokens a second at a filled context of 384, all sequences one token a step, against llama.cpp as it comes and, in the
 * rows named plain, with its flash attention turned off.
 */
export async function run(): Promise<BenchResult> {
  const worker = startWorker<never, DecoderMethods>(new URL("./decoder-side.ts", import.meta.url));
  await worker.call("open", [32, context + 2 * steps]);
  await worker.call("fill", [32, context]);
  const decode = (sequences: number, adapters = 0) =>
    worker.call("decode", [{ sequences, context, steps, adapters }]);
  const { native, node } = await openLlamaPeers();
  const peer = (sequences: number) => ({ job: "decode" as const, sequences, context, steps });
  const plain = (sequences: number) => ({ ...peer(sequences), flash: false as const });
  const best = await interleave(
    rounds,
    {
      one: () => decode(1),
      "1 native": () => native.best(peer(1)),
      "1 plain": () => native.best(plain(1)),
      eight: () => decode(8),
      "8 native": () => native.best(peer(8)),
      "8 plain": () => native.best(plain(8)),
      "8 node-llama-cpp": () => node.best(peer(8)),
      many: () => decode(32),
      "32 native": () => native.best(peer(32)),
      "32 plain": () => native.best(plain(32)),
      "32 with one adapter": () => decode(32, 1),
      "32 with eight": () => decode(32, 8),
    },
    "higher",
  );
  native.close();
  node.close();
  await worker.close();

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
      row("1/native-plain", best.one, best["1 plain"]),
      row("8/native-plain", best.eight, best["8 plain"]),
      row("32/native-plain", best.many, best["32 plain"]),
      row("8/node-llama-cpp", best.eight, best["8 node-llama-cpp"]),
      row("32x8adapters/32", best["32 with eight"], best["32 with one adapter"]),
    ],
  };
}
