/** Our side of the benches `decode` and `prefill`, in a worker as in the product. */
import { openDecoder, prefillChunk, type LoadedAdapter, type RowInput } from "../src/inference/index.ts";
import { adapterGroups, openModel, resolveModel, type DecoderConfig } from "../src/models/index.ts";
import { serveWorker, type Emit } from "../src/platform/index.ts";

export interface DecodeJob {
  sequences: number;
  /** Tokens that each sequence has in the cache. */
  context: number;
  /** The best of so many steps counts. */
  steps: number;
  /** How many of the adapters the sequences share. */
  adapters: number;
}

const threads = 2;
const rank = 8;
const adapterCount = 8;
const prefillRuns = 3;

let opened: (Awaited<ReturnType<typeof openDecoder>> & { adapters: LoadedAdapter[] }) | undefined;

const methods = {
  /** Opens SmolLM2-135M-Instruct in int8 with room for `rows` sequences of `tokens`. */
  open: async (_emit: Emit<never>, rows: number, tokens: number): Promise<void> => {
    const model = await openModel(await resolveModel("smollm2-135m-instruct"));
    const open = await openDecoder(model, { arithmetic: "int8", threads });
    open.caches.reading.resize(1, tokens, []);
    open.caches.decoding.resize(rows, tokens, []);
    const adapters = Array.from({ length: adapterCount }, (_, i) => makeAdapter(`adapter-${i}`, open.config));
    await open.decoder.adaptersChanged(adapters);
    opened = { ...open, adapters };
  },

  /** Gives every row the same tokens in the cache. */
  fill: async (_emit: Emit<never>, rows: number, context: number): Promise<void> => {
    const { decoder } = opened!;
    const tokens = Array.from({ length: context }, (_, i) => 100 + i);
    await decoder.prefill({ tokens, past: 0, adapter: undefined }, false);
    for (let row = 0; row < rows; row++) await decoder.settle(row, context);
  },

  /** Tokens a second, all sequences one token a step. */
  decode: async (_emit: Emit<never>, job: DecodeJob): Promise<number> => {
    const { decoder, adapters } = opened!;
    const times: number[] = [];
    for (let step = 0; step < job.steps; step++) {
      const rows = Array.from({ length: job.sequences }, (_, row): RowInput => {
        const adapter = job.adapters > 0 ? adapters[row % job.adapters] : undefined;
        return { tokens: [500 + 7 * row + step], past: job.context + step, adapter };
      });
      const began = performance.now();
      await decoder.decode(rows, false);
      times.push(performance.now() - began);
    }
    return (1000 * job.sequences) / Math.min(...times);
  },

  /** Tokens of a prompt read a second. */
  prefill: async (_emit: Emit<never>, tokens: number): Promise<number> => {
    const prompt = Array.from({ length: tokens }, (_, i) => 100 + i);
    const times: number[] = [];
    for (let run = 0; run < prefillRuns; run++) {
      const began = performance.now();
      for (let past = 0; past < tokens; past += prefillChunk) {
        const piece = prompt.slice(past, past + prefillChunk);
        await opened!.decoder.prefill({ tokens: piece, past, adapter: undefined }, false);
      }
      times.push(performance.now() - began);
    }
    return (1000 * tokens) / Math.min(...times);
  },
};
export type DecoderMethods = typeof methods;
serveWorker(methods);

/** Small numbers everywhere: what they are does not change the time. */
function makeAdapter(name: string, config: DecoderConfig): LoadedAdapter {
  const groups = adapterGroups(config).map(({ name, inputs, outputs, modules, blocks }) => {
    const a = new Float32Array(inputs * modules * rank).fill(1e-3);
    const b = new Float32Array(blocks.length * rank * outputs).fill(1e-3);
    return [name, { rank, a, b }] as const;
  });
  return { name, groups: new Map(groups) };
}
