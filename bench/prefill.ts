import { openDecoder, prefillChunk } from "../src/inference/index.ts";
import { openModel, resolveModel } from "../src/models/index.ts";
import { openLlamaPeers } from "./llama-peers.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";

const tokens = 512;
const rounds = 3;
const threads = 2;

/** Tokens of a prompt read a second, against the faster of llama.cpp natively and node-llama-cpp. */
export async function run(): Promise<BenchResult> {
  const model = await openModel(await resolveModel("smollm2-135m-instruct"));
  const { decoder, cache } = await openDecoder(model, { precision: "int8", threads });
  cache.reserve(1, tokens, []);
  const prompt = Array.from({ length: tokens }, (_, i) => 100 + i);
  const { native, node } = await openLlamaPeers();
  const best = await interleave(
    rounds,
    {
      ours: async () => {
        const times: number[] = [];
        for (let run = 0; run < 3; run++) {
          const began = performance.now();
          for (let past = 0; past < tokens; past += prefillChunk) {
            const piece = prompt.slice(past, past + prefillChunk);
            await decoder.prefill(0, { tokens: piece, past, adapter: undefined }, false);
          }
          times.push(performance.now() - began);
        }
        return (1000 * tokens) / Math.min(...times);
      },
      native: () => native.best({ job: "prefill", tokens }),
      node: () => node.best({ job: "prefill", tokens }),
    },
    "higher",
  );
  native.close();
  node.close();
  await decoder.close();
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
