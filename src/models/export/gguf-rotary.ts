import { ggufValue, type GgufTensor } from "../../formats/index.ts";
import { parseDecoderConfig } from "../architectures.ts";
import type { DecoderConfig } from "../decoder/config.ts";
import type { Rotary } from "../decoder/rotary.ts";
import type { OpenModel } from "../hub/open-model.ts";
import { notExportable } from "./not-exportable.ts";

const tensorNames = ["rope_freqs.weight", "rope_factors_short.weight", "rope_factors_long.weight"];

/** Divisors of the rotary frequencies, where the model has any. */
export function rotaryTensors({ sources, config }: OpenModel): GgufTensor[] {
  const { gguf } = sources;
  if (gguf) {
    return tensorNames
      .filter((name) => gguf.names().includes(name))
      .map((name) => ({ name, shape: gguf.shape(name), type: "F32", read: () => gguf.read(name) }));
  }
  const tensor = (name: string, values: readonly number[]): GgufTensor => ({
    name,
    shape: [values.length],
    type: "F32",
    read: () => Float32Array.from(values),
  });
  const parsed = parseDecoderConfig(config);
  if (parsed.modelType === "phi3") {
    const given = scalingOf(config);
    const { short_factor: short, long_factor: long } = given as {
      short_factor?: number[];
      long_factor?: number[];
    };
    return short ? [tensor(tensorNames[1]!, short), tensor(tensorNames[2]!, long ?? short)] : [];
  }
  const factors = factorsOf(mainRotary(parsed), thetaOf(config, parsed));
  return isUneven(factors) ? [tensor(tensorNames[0]!, factors)] : [];
}

/** Metadata of the rotary positions of a checkpoint, without the architecture's name before the keys. */
export function rotaryMetadata({ config }: OpenModel): Map<string, Uint8Array> {
  const parsed = parseDecoderConfig(config);
  const rotary = mainRotary(parsed);
  const theta = thetaOf(config, parsed);
  const metadata = new Map([
    ["rope.freq_base", ggufValue.float32(theta)],
    ["rope.dimension_count", ggufValue.uint32(2 * rotary.frequencies.length)],
  ]);
  if (parsed.modelType === "phi3") {
    if (rotary.maxPositions !== undefined) {
      metadata.set("rope.scaling.original_context_length", ggufValue.uint32(rotary.maxPositions));
      metadata.set("rope.scaling.attn_factor", ggufValue.float32(rotary.magnitude));
    }
    return metadata;
  }
  if (rotary.magnitude !== 1) throw notExportable("rotary positions that scale what they turn");
  const factors = factorsOf(rotary, theta);
  if (isUneven(factors)) {
    if (parsed.modelType !== "llama") throw notExportable(`uneven rotary scaling of a ${parsed.modelType}`);
  } else if (!isNear(factors[0]!, 1)) {
    metadata.set("rope.scaling.type", ggufValue.string("linear"));
    metadata.set("rope.scaling.factor", ggufValue.float32(factors[0]!));
  }
  return metadata;
}

const scalingOf = (config: Record<string, unknown>): Record<string, unknown> =>
  (config["rope_parameters"] ?? config["rope_scaling"] ?? {}) as Record<string, unknown>;

/** The base of the frequencies of the layers that see all. */
function thetaOf(config: Record<string, unknown>, { modelType }: DecoderConfig): number {
  const given = scalingOf(config);
  const everywhere = (given["full_attention"] ?? given) as Record<string, unknown>;
  const usual: Record<string, number> = { smollm3: 2_000_000, gemma3_text: 1_000_000 };
  return Number(config["rope_theta"] ?? everywhere["rope_theta"] ?? usual[modelType] ?? 10_000);
}

/** Of the layers that see all, or of the first one. */
function mainRotary({ attention }: DecoderConfig): Rotary {
  const full = attention.find(({ window, rotary }) => window === undefined && rotary);
  return (full ?? attention.find(({ rotary }) => rotary))!.rotary!;
}

const factorsOf = ({ frequencies }: Rotary, theta: number): number[] =>
  frequencies.map((frequency, pair) => theta ** (-pair / frequencies.length) / frequency);

const isNear = (a: number, b: number): boolean => Math.abs(a / b - 1) < 1e-6;
const isUneven = (factors: number[]): boolean => factors.some((factor) => !isNear(factor, factors[0]!));
