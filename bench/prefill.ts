import { startWorker } from "../src/platform/index.ts";
import type { DecoderMethods } from "./decoder-side.ts";
import { openLlamaPeers } from "./llama-peers.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";

const tokens = 512;
const rounds = 3;

/** Tokens of a prompt read a second, against the faster of llama.cpp natively and node-llama-cpp. */
export async function run(): Promise<BenchResult> {
  const worker = startWorker<never, DecoderMethods>(new URL("./decoder-side.ts", import.meta.url));
  await worker.call("open", [1, tokens]);
  const { native, node } = await openLlamaPeers();
  const best = await interleave(
    rounds,
    {
      ours: () => worker.call("prefill", [tokens]),
      native: () => native.best({ job: "prefill", tokens }),
      node: () => node.best({ job: "prefill", tokens }),
    },
    "higher",
  );
  native.close();
  node.close();
  await worker.close();
  const peer = Math.max(best.native, best.node);
  return {
    bench: "prefill",
    machine: describeMachine(),
    rows: [
      {
        name: "512",
        value: round(best.ours / peer),
        unit: "speed-up",
        ours: `${round(best.ours)} tokens/s`,
        peer: `${round(peer)} tokens/s (${best.native >= best.node ? "native" : "node-llama-cpp"})`,
      },
    ],
  };
}
