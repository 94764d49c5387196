import { fitsHalf, ggufValue, writeGguf, type GgufTensor, type WrittenType } from "../../formats/index.ts";
import { decoderArchitectures } from "../architectures.ts";
import type { GgufLayout } from "../decoder/gguf-layout.ts";
import { interleaveRows, toGgufName } from "../decoder/gguf-names.ts";
import type { OpenModel } from "../hub/open-model.ts";
import { ggufModelMetadata } from "./gguf-model-metadata.ts";
import { rotaryTensors } from "./gguf-rotary.ts";
import { notExportable } from "./not-exportable.ts";

/** Numbers of `general.file_type` (llama.cpp, llama_ftype). */
const fileTypes: Record<WrittenType, number> = { F32: 0, F16: 1, Q8_0: 7 };

/**
 * A model as llama.cpp runs it, in pieces: its chat template and tokenizer are inside. Matrices are written in the given
 * type; one whose rows do not fit the type's blocks in F16, one beyond the range of F16 in F32; norms and biases in F32.
 * Throws LORAG_EXPORT for what such a file cannot say.
 */
export function ggufModelPieces(model: OpenModel, type: WrittenType): Iterable<Uint8Array> {
  const layout = ggufLayoutOf(model);
  const metadata = new Map(ggufModelMetadata(model, layout));
  metadata.set("general.file_type", ggufValue.uint32(fileTypes[type]));
  if (type === "Q8_0") metadata.set("general.quantization_version", ggufValue.uint32(2));
  const { weights } = model;
  const isTied = model.config["tie_word_embeddings"] === true;
  const tensors = weights.names().flatMap((name): GgufTensor[] => {
    if (isTied && name === "lm_head.weight") return [];
    const stored = toGgufName(name, layout);
    if (stored === undefined) throw notExportable(`the tensor ${name}`);
    const shape = weights.shape(name);
    return [
      {
        name: stored,
        shape,
        type: typeFor(shape, type, () => weights.read(name)),
        read: () => ggufRows(name, weights.read(name), shape, model, layout),
      },
    ];
  });
  return writeGguf(metadata, [...tensors, ...rotaryTensors(model)]);
}

/** The layout of a model's architecture. Throws LORAG_EXPORT where llama.cpp has none. */
export function ggufLayoutOf({ config }: OpenModel): GgufLayout {
  const modelType = config["model_type"];
  // Mistral goes under llama's name.
  const found = decoderArchitectures.find(
    (row) => row.modelType === (modelType === "mistral" ? "llama" : modelType),
  );
  if (!found?.gguf) throw notExportable(`a model of the type ${String(modelType)}`);
  return found.gguf;
}

/** Only the largest value decides whether halves will do, and only where F16 is asked for. */
function typeFor(shape: readonly number[], type: WrittenType, read: () => Float32Array): WrittenType {
  if (shape.length < 2 || type === "F32") return "F32";
  if (type === "Q8_0" && shape.at(-1)! % 32 === 0) return "Q8_0";
  return fitsHalf(read()) ? "F16" : "F32";
}

/** A tensor's values as the converter lays them out. */
export function ggufRows(
  name: string,
  values: Float32Array,
  shape: readonly number[],
  { config }: Pick<OpenModel, "config">,
  layout: GgufLayout,
): Float32Array {
  const heads = interleavedHeads(name, config, layout);
  if (heads !== undefined) return interleaveRows(values, heads, shape);
  const { normShift } = layout;
  return normShift && name.endsWith("norm.weight") ? values.map((value) => value + normShift) : values;
}

/** How many heads the rows of a tensor belong to, where rotary pairs go side by side. */
export function interleavedHeads(
  name: string,
  config: Record<string, unknown>,
  { interleaved }: GgufLayout,
): number | undefined {
  if (!interleaved) return undefined;
  const heads = Number(config["num_attention_heads"]);
  if (name.includes("q_proj.")) return heads;
  return name.includes("k_proj.") ? Number(config["num_key_value_heads"] ?? heads) : undefined;
}
