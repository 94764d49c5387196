import { LoragError } from "../../contracts/index.ts";
import type { EncoderNames } from "./names.ts";

/** All that the graphs of an encoder are built from, besides its weights. */
export interface EncoderConfig {
  /** Its row in models/architectures.ts. */
  modelType: string;
  vocabularySize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  /** Tokens of the longest text. */
  maxPositions: number;
  /** The place of the first token in the table of positions. */
  firstPosition: number;
  /** Kinds of text that are told apart: two, where the texts of a pair are; 0 or 1: none. */
  segments: number;
  epsilon: number;
  /** Attention hangs on the distance of two tokens too, in so many steps; absent: it does not. */
  distanceBuckets?: number;
  names: EncoderNames;
  /** Scores of a classifier. */
  labels: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads a `config.json` of transformers by the keys of an architecture. Throws LORAG_MODEL_CONFIG. */
export function openEncoderJson(json: Json) {
  const size = (key: string, otherwise?: number): number => {
    const value = json[key] ?? otherwise;
    if (typeof value === "number" && Number.isInteger(value) && value > 0 && value < 2 ** 24) return value;
    throw badConfig(key, value, "a whole number above 0");
  };
  const expect = (key: string, expected: string): void => {
    const value = json[key] ?? expected;
    if (value !== expected) throw badConfig(key, value, JSON.stringify(expected));
  };
  const epsilon = (otherwise: number): number => {
    const value = json["layer_norm_eps"] ?? otherwise;
    if (typeof value === "number" && value > 0) return value;
    throw badConfig("layer_norm_eps", value, "a number above 0");
  };
  const labels =
    Object.keys((json["id2label"] as object | null | undefined) ?? {}).length || size("num_labels", 2);
  return { size, expect, epsilon, labels };
}

/** Throws LORAG_MODEL_CONFIG where the heads do not share the width out. */
export function requireHeads<Config extends EncoderConfig>(config: Config): Config {
  if (config.hiddenSize % config.heads === 0) return config;
  throw badConfig("num_attention_heads", config.heads, `a divisor of ${config.hiddenSize}`);
}

function badConfig(key: string, value: unknown, expected: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `The model's config.json has ${key} = ${JSON.stringify(value)}, where ${expected} is needed`,
    next: "Use a sentence encoder such as sentence-transformers/all-MiniLM-L6-v2.",
  });
}
