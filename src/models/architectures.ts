import { LoragError } from "../contracts/index.ts";
import { preNormBlock, sandwichBlock, type Block } from "./decoder/block.ts";
import type { ConfigJson } from "./decoder/config-json.ts";
import type { DecoderConfig } from "./decoder/config.ts";
import { readGemma3Config } from "./decoder/gemma.ts";
import {
  gemma3Gguf,
  llamaGguf,
  phi3Gguf,
  qwen2Gguf,
  qwen3Gguf,
  smolLm3Gguf,
  type GgufLayout,
} from "./decoder/gguf-layout.ts";
import { readLlamaConfig } from "./decoder/llama.ts";
import { readMistralConfig } from "./decoder/mistral.ts";
import { readPhi3Config } from "./decoder/phi.ts";
import { readQwen2Config, readQwen3Config } from "./decoder/qwen.ts";
import { readSmolLm3Config } from "./decoder/smollm.ts";
import { readBertConfig, readMpnetConfig, readRobertaConfig } from "./encoder/bert.ts";
import type { EncoderConfig } from "./encoder/config.ts";
import { readDistilBertConfig } from "./encoder/distilbert.ts";

/** A kind of model that answers. */
export interface DecoderArchitecture {
  /** `model_type` of config.json. */
  modelType: string;
  /** Absent: such files go under another architecture's name. */
  gguf?: GgufLayout;
  /** Throws LORAG_MODEL_CONFIG for what the graphs do not have. */
  readConfig: (json: ConfigJson) => DecoderConfig;
  block: Block;
}

export const decoderArchitectures: readonly DecoderArchitecture[] = [
  { modelType: "llama", gguf: llamaGguf, readConfig: readLlamaConfig, block: preNormBlock },
  { modelType: "mistral", readConfig: readMistralConfig, block: preNormBlock },
  { modelType: "qwen2", gguf: qwen2Gguf, readConfig: readQwen2Config, block: preNormBlock },
  { modelType: "qwen3", gguf: qwen3Gguf, readConfig: readQwen3Config, block: preNormBlock },
  { modelType: "gemma3_text", gguf: gemma3Gguf, readConfig: readGemma3Config, block: sandwichBlock },
  { modelType: "phi3", gguf: phi3Gguf, readConfig: readPhi3Config, block: preNormBlock },
  { modelType: "smollm3", gguf: smolLm3Gguf, readConfig: readSmolLm3Config, block: preNormBlock },
];

/** A kind of model that makes vectors. */
export interface EncoderArchitecture {
  modelType: string;
  readConfig: (json: ConfigJson) => EncoderConfig;
}

export const encoderArchitectures: readonly EncoderArchitecture[] = [
  { modelType: "bert", readConfig: readBertConfig },
  { modelType: "roberta", readConfig: readRobertaConfig },
  { modelType: "xlm-roberta", readConfig: readRobertaConfig },
  { modelType: "distilbert", readConfig: readDistilBertConfig },
  { modelType: "mpnet", readConfig: readMpnetConfig },
];

/** Reads the config.json of a model that answers. Throws LORAG_MODEL_CONFIG. */
export function parseDecoderConfig(json: ConfigJson): DecoderConfig {
  return findRow(decoderArchitectures, json, "base model").readConfig(json);
}

/** Reads the config.json of a model that makes vectors. Throws LORAG_MODEL_CONFIG. */
export function parseEncoderConfig(json: ConfigJson): EncoderConfig {
  return findRow(encoderArchitectures, json, "embedding model").readConfig(json);
}

/** Of a model that may be either. Throws LORAG_MODEL_CONFIG. */
export function parseModelConfig(json: ConfigJson): DecoderConfig | EncoderConfig {
  const isEncoder = encoderArchitectures.some(({ modelType }) => modelType === json["model_type"]);
  return isEncoder ? parseEncoderConfig(json) : parseDecoderConfig(json);
}

export function blockOf({ modelType }: DecoderConfig): Block {
  return decoderArchitectures.find((row) => row.modelType === modelType)!.block;
}

function findRow<Row extends { modelType: string }>(
  rows: readonly Row[],
  json: ConfigJson,
  purpose: string,
): Row {
  const row = rows.find(({ modelType }) => modelType === json["model_type"]);
  if (row) return row;
  const known = rows.map(({ modelType }) => modelType).join(", ");
  throw new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `The model's configuration has model_type ${JSON.stringify(json["model_type"])}, which cannot be a ${purpose} here`,
    next: `Choose a ${purpose} of one of these kinds: ${known}.`,
  });
}
