import { join } from "node:path";
import { LoragError } from "../contracts/index.ts";
import { openSession, type Session } from "../engine/index.ts";
import {
  buildClassifier,
  compileClassifier,
  compileEncoder,
  nameFile,
  openModel,
  parseEncoderConfig,
  writeGraph,
  type Arithmetic,
  type OpenModel,
  type ResolvedModel,
} from "../models/index.ts";
import { cacheFolder, serveWorker, type Emit } from "../platform/index.ts";

export interface OpenPairScorer {
  model: ResolvedModel;
  arithmetic: Arithmetic;
}

interface Classifier {
  session: Session;
  tokenizer: OpenModel["tokenizer"];
  maxTokens: number;
  hasSegments: boolean;
  /** The score that says how well the text answers; undefined where there is one alone. */
  relevant: number | undefined;
}
let classifier: Classifier | undefined;

const methods = {
  async open(_emit: Emit<number>, { model, arithmetic }: OpenPairScorer): Promise<void> {
    const opened = await openModel(model);
    const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
    const { config, weights, relevant } = await nameFile(opened.path, async () => {
      const config = parseEncoderConfig(opened.config);
      const relevant = relevantLabel(opened, config.labels);
      const encoder = await compileEncoder(folder, config, opened.weights, arithmetic);
      const weights = await compileClassifier(folder, config, opened.weights, encoder);
      return { config, weights, relevant };
    });
    opened.weights.close();
    const graph = buildClassifier(config, weights, arithmetic);
    const path = await writeGraph(folder, `classifier-${arithmetic}`, graph);
    classifier = {
      session: await openSession(path, { threads: 1 }),
      tokenizer: opened.tokenizer,
      maxTokens: config.maxPositions,
      hasSegments: config.segments > 1,
      relevant,
    };
  },

  async score(_emit: Emit<number>, question: string, texts: string[]): Promise<number[]> {
    const scores: number[] = [];
    for (const text of texts) scores.push(await scorePair(classifier!, question, text));
    return scores;
  },
};
export type PairScorerMethods = typeof methods;
serveWorker<number>(methods);

/** What says that a text answers, or follows, in the names of labels. */
const relevantName = /^(?:relevant|entailment|entails|yes|true|positive|label_1)$/i;

/** Of several labels that which says so by its name, of two the second. Throws LORAG_MODEL_CONFIG. */
function relevantLabel({ name, config }: OpenModel, labels: number): number | undefined {
  if (labels === 1) return undefined;
  const names = Object.entries((config["id2label"] ?? {}) as Record<string, unknown>);
  const named = names.find(([, label]) => relevantName.test(String(label)));
  if (named) return Number(named[0]);
  if (labels === 2) return 1;
  throw new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `${name} has ${labels} labels, none of which says that a passage answers: ${names.map(([, label]) => String(label)).join(", ")}`,
    next: "Use a cross-encoder with one score, such as cross-encoder/ms-marco-MiniLM-L6-v2.",
  });
}

async function scorePair(open: Classifier, question: string, text: string): Promise<number> {
  const { ids, segments } = encodeWithin(open, question, text);
  const int32 = (values: Iterable<number>) =>
    ({ dtype: "int32", shape: [1, ids.length], data: Int32Array.from(values) }) as const;
  const { scores } = await open.session.run({
    ids: int32(ids),
    positions: int32(ids.keys()),
    ...(open.hasSegments && { segments: int32(segments) }),
  });
  const logits = [...(scores!.data as Float32Array)];
  if (open.relevant === undefined) return 1 / (1 + Math.exp(-logits[0]!));
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  return powers[open.relevant]! / powers.reduce((sum, power) => sum + power, 0);
}

/** Characters of which no more is read: few texts have more than 16 a token. */
const charactersPerToken = 16;

/** A question of more than half of what the model reads is cut there; of the text, what then fits stays, and the mark at its end. */
function encodeWithin({ tokenizer, maxTokens }: Classifier, question: string, text: string) {
  const cut = (part: string): string => part.slice(0, maxTokens * charactersPerToken);
  const asked = tokenizer.encode(cut(question));
  const half = Math.floor(maxTokens / 2);
  const first = asked.length <= half ? cut(question) : tokenizer.decode(asked.slice(0, half));
  const { ids, segments } = tokenizer.encodePair(first, cut(text));
  if (ids.length > maxTokens) {
    ids.splice(maxTokens - 1, ids.length - maxTokens);
    segments.splice(maxTokens - 1, segments.length - maxTokens);
  }
  return { ids, segments };
}
