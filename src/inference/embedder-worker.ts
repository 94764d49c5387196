import { join } from "node:path";
import { openSession, type Session } from "../engine/index.ts";
import {
  buildBertEncoder,
  compileBert,
  nameFile,
  openModel,
  parseEncoderConfig,
  readMaxTokens,
  writeGraph,
  type OpenModel,
  type Arithmetic,
  type ResolvedModel,
} from "../models/index.ts";
import { cacheFolder, serveWorker, type Emit } from "../platform/index.ts";

export interface OpenEmbedder {
  model: ResolvedModel;
  arithmetic: Arithmetic;
}

interface Encoder {
  tokenize(text: string): Int32Array<ArrayBuffer>;
  session: Session;
}
let encoder: Encoder | undefined;

const methods = {
  /** Returns the length of the vectors. */
  async open(_emit: Emit<number>, { model, arithmetic }: OpenEmbedder): Promise<number> {
    const opened = await openModel(model);
    const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
    const { config, weights } = await nameFile(opened.path, async () => {
      const config = parseEncoderConfig(opened.config);
      return { config, weights: await compileBert(folder, config, opened.weights, arithmetic) };
    });
    opened.weights.close();
    const path = await writeGraph(folder, "bert", buildBertEncoder(config, weights, arithmetic));
    const maxTokens = await readMaxTokens(model, config.maxPositions);
    encoder = {
      tokenize: createTokenize(opened, maxTokens),
      session: await openSession(path, { threads: 1 }),
    };
    return config.hiddenSize;
  },

  /** The vectors of the texts, one after another in one array. */
  async embed(_emit: Emit<number>, texts: string[]): Promise<Float32Array> {
    const vectors: Float32Array[] = [];
    for (const text of texts) vectors.push(await embedText(encoder!, text));
    const size = vectors[0]?.length ?? 0;
    const joined = new Float32Array(size * vectors.length);
    vectors.forEach((vector, i) => joined.set(vector, i * size));
    return joined;
  },
};
export type EmbedderMethods = typeof methods;
serveWorker<number>(methods);

async function embedText({ tokenize, session }: Encoder, text: string): Promise<Float32Array> {
  const ids = tokenize(text);
  const shape = [1, ids.length];
  const { vector } = await session.run({
    ids: { dtype: "int32", shape, data: ids },
    positions: { dtype: "int32", shape, data: Int32Array.from(ids, (_, position) => position) },
  });
  return vector!.data as Float32Array;
}

/** A longer word has no tokens of its own, so none has more of them than this. */
const longestWord = 100;

/** Ids with [CLS] and [SEP], cut to the model's limit; the last token stays [SEP]. */
function createTokenize({ tokenizer }: OpenModel, maxTokens: number) {
  return (text: string): Int32Array<ArrayBuffer> => {
    // Few texts have more than 16 characters a token. Of a long one no more is read than fills the limit, whatever
    // becomes of the word that the part read ends in: blanks have no token, and a word without end has one.
    let length = maxTokens * 16;
    const encode = () => tokenizer.encode(text.slice(0, length), { special: true });
    let ids = encode();
    while (ids.length < maxTokens + longestWord && length < text.length) {
      length *= 4;
      ids = encode();
    }
    if (ids.length > maxTokens) ids.splice(maxTokens - 1, ids.length - maxTokens);
    return Int32Array.from(ids);
  };
}
