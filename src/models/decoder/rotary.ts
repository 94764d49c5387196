import type { Graph, Tensor } from "../../engine/index.ts";
import { badConfig, readPositive, type ConfigJson } from "./config-json.ts";
import type { DecoderSizes } from "./sizes.ts";

/** Rotary positions (https://arxiv.org/abs/2104.09864). */
export interface Rotary {
  /** Radians a token, for each pair of elements; pairs beyond them are not turned. */
  frequencies: readonly number[];
  /** Factor on what is turned. */
  magnitude: number;
  /** Longest sequence for which these hold; absent: as the model's. */
  maxPositions?: number | undefined;
}

/** Of a model that keeps one kind of rotary positions. Throws LORAG_MODEL_CONFIG. */
export function readRotary(json: ConfigJson, sizes: DecoderSizes, theta = 10_000): Rotary {
  const given = (json["rope_parameters"] ?? json["rope_scaling"] ?? {}) as ConfigJson;
  const partial = given["partial_rotary_factor"] ?? json["partial_rotary_factor"];
  const original = given["original_max_position_embeddings"] ?? json["original_max_position_embeddings"];
  return rotaryOf(
    {
      ...given,
      rope_theta: json["rope_theta"] ?? given["rope_theta"] ?? theta,
      ...(partial !== undefined && { partial_rotary_factor: partial }),
      ...(original !== undefined && { original_max_position_embeddings: original }),
    },
    sizes,
  );
}

/** From transformers' `rope_parameters` (modeling_rope_utils.py). Throws LORAG_MODEL_CONFIG. */
export function rotaryOf(parameters: ConfigJson, { headSize, maxPositions }: DecoderSizes): Rotary {
  const number = (key: string): number => readPositive(key, parameters[key]);
  const theta = number("rope_theta");
  const turned = Math.floor(
    headSize * readPositive("partial_rotary_factor", parameters["partial_rotary_factor"] ?? 1),
  );
  if (turned > headSize || turned % 2 !== 0)
    throw badConfig(
      "partial_rotary_factor",
      parameters["partial_rotary_factor"],
      `a share of ${headSize} that is even`,
    );
  const half = turned / 2;
  const plain = Array.from({ length: half }, (_, pair) => theta ** (-pair / half));
  const type = parameters["rope_type"] ?? parameters["type"] ?? "default";
  switch (type) {
    case "default":
      return { frequencies: plain, magnitude: 1 };
    case "linear":
      return { frequencies: plain.map((frequency) => frequency / number("factor")), magnitude: 1 };
    case "llama3":
      return { frequencies: plain.map((frequency) => stretchSlow(frequency, number)), magnitude: 1 };
    // Its older names.
    case "longrope":
    case "su":
      return { ...longRope(plain, parameters, maxPositions) };
    default:
      throw badConfig("rope_type", type, "default, linear, llama3 or longrope");
  }
}

/** Llama 3.1: slow pairs are slowed down by `factor`, fast ones are left, those between get something between. */
function stretchSlow(frequency: number, number: (key: string) => number): number {
  const [factor, low, high] = ["factor", "low_freq_factor", "high_freq_factor"].map(number) as [
    number,
    number,
    number,
  ];
  const turns = (number("original_max_position_embeddings") * frequency) / (2 * Math.PI);
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const share = (turns - low) / (high - low);
  return ((1 - share) * frequency) / factor + share * frequency;
}

/**
 * LongRoPE (https://arxiv.org/abs/2402.13753) has other factors for sequences beyond the original context, with which
 * everything before would be computed anew: here sequences end at the original context.
 */
function longRope(plain: number[], parameters: ConfigJson, maxPositions: number): Rotary {
  const factors = parameters["short_factor"];
  const isList = Array.isArray(factors) && factors.length === plain.length;
  if (!isList) throw badConfig("short_factor", factors, `a list of ${plain.length} numbers`);
  const original = readPositive(
    "original_max_position_embeddings",
    parameters["original_max_position_embeddings"],
  );
  const factor = readPositive("factor", parameters["factor"] ?? maxPositions / original);
  const usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
  return {
    frequencies: plain.map((frequency, pair) => frequency / readPositive("short_factor", factors[pair])),
    magnitude: readPositive("attention_factor", parameters["attention_factor"] ?? usual),
    maxPositions: Math.min(original, maxPositions),
  };
}

/** Cosines and sines [positions, pairs]. */
export function rotaryTables(
  graph: Graph,
  { frequencies, magnitude }: Rotary,
  positions: number,
): { cosines: Tensor; sines: Tensor } {
  const pairs = frequencies.length;
  const angles = Float64Array.from(
    { length: positions * pairs },
    (_, i) => Math.floor(i / pairs) * frequencies[i % pairs]!,
  );
  const table = (f: (angle: number) => number) =>
    graph.constant(
      "float32",
      angles.map((angle) => magnitude * f(angle)),
      [positions, pairs],
    );
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}
