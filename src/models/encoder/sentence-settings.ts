import { LoragError } from "../../contracts/index.ts";
import { readJson, readJsonValue } from "../hub/open-model.ts";
import type { ResolvedModel } from "../hub/resolve-model.ts";

/** What of an encoder's last layer makes the vector. */
export type Pooling = "mean" | "cls";

/** How a model makes vectors of texts. */
export interface SentenceSettings {
  /** Texts are cut at so many tokens. */
  maxTokens: number;
  pooling: Pooling;
  /** What is put before a text, by what it is. */
  prompts: { query: string; passage: string };
}

/**
 * What sentence-transformers keeps beside the weights: texts are cut at `max_seq_length` tokens of
 * `sentence_bert_config.json`, or at the tokenizer's `model_max_length`; how they are pooled; and the prompts of
 * `config_sentence_transformers.json`. Throws LORAG_MODEL_CONFIG where vectors are made in another way.
 */
export async function readSentenceSettings(
  model: ResolvedModel,
  maxPositions: number,
): Promise<SentenceSettings> {
  refuseOtherModules(model, await readJsonValue(model, "modules.json"));
  const pooling = readPooling(model, await readJson(model, "1_Pooling/config.json"));
  const prompts = readPrompts(await readJson(model, "config_sentence_transformers.json"));
  const limit =
    (await readJson(model, "sentence_bert_config.json"))?.["max_seq_length"] ??
    (await readJson(model, "tokenizer_config.json"))?.["model_max_length"];
  const maxTokens = typeof limit === "number" && limit >= 2 ? Math.min(limit, maxPositions) : maxPositions;
  return { maxTokens, pooling, prompts };
}

type Json = Readonly<Record<string, unknown>>;

/** `pooling_mode` since version 6 of sentence-transformers, one flag for each mode before. */
function readPooling(model: ResolvedModel, json: Json | undefined): Pooling {
  if (!json) return "mean";
  const flags = Object.keys(json).filter((key) => key.startsWith("pooling_mode_") && json[key] === true);
  const modes =
    json["pooling_mode"] === undefined
      ? flags.map((flag) => flag.replace(/^pooling_mode_(.*?)(_tokens?)?$/, "$1"))
      : [json["pooling_mode"]].flat();
  const mode = modes.join();
  if (mode === "mean" || mode === "cls") return mode;
  throw otherVectors(model, `pools its vectors by ${mode || "nothing that is known"}`);
}

/** A prompt that is the default goes before every text that has none of its own. */
function readPrompts(json: Json | undefined): SentenceSettings["prompts"] {
  const given = (json?.["prompts"] ?? {}) as Json;
  const prompt = (...names: unknown[]): string => {
    const name = names
      .map(String)
      .find((name) => Object.hasOwn(given, name) && typeof given[name] === "string");
    return name === undefined ? "" : (given[name] as string);
  };
  const usual = json?.["default_prompt_name"];
  return { query: prompt("query", usual), passage: prompt("passage", "document", usual) };
}

/** A layer on top of the pooling, as `Dense`, would be left out. */
function refuseOtherModules(model: ResolvedModel, modules: unknown): void {
  if (modules === undefined) return;
  const kinds = (Array.isArray(modules) ? (modules as Record<string, unknown>[]) : []).map((module) => {
    const kind = String(module?.["type"]).split(".").at(-1)!;
    return kind === "Pooling" ? String(module["path"]) : kind;
  });
  // Vectors have unit length here whether the model says Normalize or not.
  if (/^Transformer,1_Pooling(,Normalize)?$/.test(kinds.join())) return;
  throw otherVectors(model, `is made of ${kinds.join(", ").slice(0, 100)} (modules.json)`);
}

function otherVectors({ name }: ResolvedModel, what: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `${name} ${what}, which is not computed here`,
    next: "Use a model whose vectors are the mean or the first token of its last layer, such as sentence-transformers/all-MiniLM-L6-v2.",
  });
}
