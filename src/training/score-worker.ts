import { openSession } from "../engine/index.ts";
import type { Example } from "../contracts/index.ts";
import {
  adapterModules,
  bindAdapter,
  buildScoringGraph,
  compileDecoder,
  dora,
  lora,
  openModel,
  parseDecoderConfig,
  readAdapter,
  readGgufAdapter,
  rowLengths,
  writeGraph,
  type Adapter,
  type OpenModel,
  type ResolvedModel,
  type Tuning,
} from "../models/index.ts";
import { serveWorker } from "../platform/index.ts";
import { feedsOf } from "./decoder-trainable.ts";
import { floats } from "./graph-trainable.ts";
import { encodeExample, inputLength, scoredCount } from "./objectives/encode.ts";
import { encodeOptions } from "./objectives/model-encoding.ts";
import { fillBatch } from "./objectives/pack.ts";

export interface ScoringJob {
  model: ResolvedModel;
  /** A PEFT folder, or an adapter for llama.cpp, by its name. */
  adapter?: string | undefined;
  examples: Example[];
  /** Where weights and graph are compiled; the caller's to remove. */
  scratch: string;
  threads: number;
}

/** What a model makes of one completion, token by token, its end token included. */
export interface Scored {
  id: string;
  targets: number[];
  /** Natural logarithms. */
  logProbabilities: number[];
  /** The most likely token at each place, after what the example has before it. */
  best: number[];
}

const methods = {
  score: async (_: unknown, job: ScoringJob): Promise<Scored[]> => {
    const model = await openModel(job.model);
    const adapter = job.adapter === undefined ? undefined : await openAdapter(job.adapter, model);
    const encoding = encodeOptions(model);
    const examples = job.examples.map((example) => encodeExample(example, encoding));
    const config = parseDecoderConfig(model.config);
    const weights = await compileDecoder(job.scratch, config, model.weights, "f32");
    const most = (measure: (example: (typeof examples)[number]) => number) =>
      Math.max(...examples.map(measure));
    const shape = { batch: 1, length: most(inputLength), scored: most(scoredCount) };
    const tuning = adapter && tuningOf(adapter, model);
    const graph = buildScoringGraph({ config, weights, arithmetic: "f32", shape, ...(tuning && { tuning }) });
    model.weights.close();
    const parameters = adapter && bindAdapter(graph.layout, adapter);
    const path = await writeGraph(job.scratch, "score", graph.onnx);
    const session = await openSession(path, { threads: job.threads });
    const scored: Scored[] = [];
    for (const [index, { id }] of examples.entries()) {
      const batch = fillBatch([[index]], examples, shape);
      const { losses, best } = await session.run({
        ...feedsOf(batch, shape, 1),
        ...(parameters && { parameters: floats(parameters) }),
      });
      const count = batch.scored.length;
      scored.push({
        id,
        targets: [...batch.targets],
        logProbabilities: Array.from(losses!.data as Float32Array, (loss) => -loss).slice(0, count),
        best: Array.from(best!.data as BigInt64Array, Number).slice(0, count),
      });
    }
    await session.close();
    return scored;
  },
};
export type ScoreMethods = typeof methods;
serveWorker<never>(methods);

function tuningOf(adapter: Adapter, { weights }: OpenModel): Tuning {
  const config = { ...adapter, dropout: 0, targets: adapterModules(adapter) };
  if (!adapter.dora) return lora(config);
  return dora(config, (path) => {
    const name = `${path}.weight`;
    return rowLengths(weights.read(name), weights.shape(name)[0]!);
  });
}

function openAdapter(path: string, model: OpenModel): Promise<Adapter> | Adapter {
  return path.endsWith(".gguf") ? readGgufAdapter(path, model) : readAdapter(path);
}
