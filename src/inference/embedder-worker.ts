import { join } from "node:path";
import type { EmbeddedAs } from "../contracts/index.ts";
import { openSession, type Session } from "../engine/index.ts";
import {
  buildEncoder,
  compileEncoder,
  nameFile,
  openModel,
  parseEncoderConfig,
  readSentenceSettings,
  writeGraph,
  type OpenModel,
  type Arithmetic,
  type ResolvedModel,
  type SentenceSettings,
} from "../models/index.ts";
import { cacheFolder, serveWorker, type Emit } from "../platform/index.ts";

export interface OpenEmbedder {
  model: ResolvedModel;
  arithmetic: Arithmetic;
}

export interface OpenedEmbedder {
  /** The length of the vectors. */
  dimensions: number;
  /** Whether the model puts anything before queries or passages. */
  hasPrompts: boolean;
}

interface Encoder {
  prompts: SentenceSettings["prompts"];
  tokenize(text: string): Int32Array<ArrayBuffer>;
  session: Session;
}
let encoder: Encoder | undefined;

const methods = {
  async open(_emit: Emit<number>, { model, arithmetic }: OpenEmbedder): Promise<OpenedEmbedder> {
    const opened = await openModel(model);
    const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
    const { config, weights } = await nameFile(opened.path, async () => {
      const config = parseEncoderConfig(opened.config);
      return { config, weights: await compileEncoder(folder, config, opened.weights, arithmetic) };
    });
    opened.weights.close();
    const { maxTokens, pooling, prompts } = await readSentenceSettings(model, config.maxPositions);
    const path = await writeGraph(folder, "encoder", buildEncoder(config, weights, arithmetic, pooling));
    encoder = {
      prompts,
      tokenize: createTokenize(opened, maxTokens),
      session: await openSession(path, { threads: 1 }),
    };
    return { dimensions: config.hiddenSize, hasPrompts: prompts.query !== "" || prompts.passage !== "" };
  },

  /** The vectors of the texts, one after another in one array. */
  async embed(_emit: Emit<number>, texts: string[], as: EmbeddedAs): Promise<Float32Array> {
    const vectors: Float32Array[] = [];
    for (const text of texts) vectors.push(await embedText(encoder!, encoder!.prompts[as] + text));
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

/** Ids with what the model wraps a text in ([CLS] and [SEP], <s> and </s>), cut to the model's limit; the last one stays. */
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
