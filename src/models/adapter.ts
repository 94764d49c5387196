import { join } from "node:path";
import { z } from "zod";
import { LoragError } from "../contracts/index.ts";
import { readSafetensors, writeSafetensors, type FloatTensor } from "../formats/index.ts";
import { exists, memorySource, readFile, readText, writeFolderAtomic } from "../platform/index.ts";
import { layoutDora } from "./tuning/dora.ts";
import { layerOf, layoutAdapter, type LinearModule, type LoraScaling } from "./tuning/lora-layout.ts";
import type { ParameterLayout } from "./tuning/parameters.ts";

/** A LoRA adapter as PEFT keeps it (https://huggingface.co/docs/peft/developer_guides/checkpoint). */
export interface Adapter extends LoraScaling {
  /** What it was trained on: a hub name or a path. */
  baseModel: string;
  dropout: number;
  /** Weight-decomposed: each module has its `lora_magnitude_vector` [outputs], too (https://arxiv.org/abs/2402.09353). */
  dora?: boolean | undefined;
  /** Which modules the configuration says that it sits on; absent: those that it has tensors for. */
  targets?: AdapterTargets | undefined;
  /** By PEFT's names: `base_model.model.<module>.lora_A.weight` [rank, inputs], `lora_B` [outputs, rank]. */
  tensors: ReadonlyMap<string, FloatTensor>;
}

export interface AdapterTargets {
  /** Names as PEFT has them, or a pattern for whole paths. */
  modules: readonly string[] | "all-linear" | RegExp;
  /** Numbers of layers; absent: all. */
  layers?: readonly number[] | undefined;
}

/** What PEFT calls what the model does: writing, or giving vectors. */
export type AdapterTask = "CAUSAL_LM" | "FEATURE_EXTRACTION";

const tensorName = /^base_model\.model\.(.+)\.lora_(?:([AB])\.weight|magnitude_vector)$/;
const configName = "adapter_config.json";
const weightsName = "adapter_model.safetensors";

const pattern = z.record(z.string(), z.number()).nullish();
const peftConfig = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  r: z.int().positive().max(4096),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).max(1).nullish(),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  lora_bias: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  bias: z.string().nullish(),
  rank_pattern: pattern,
  alpha_pattern: pattern,
  init_lora_weights: z.union([z.boolean(), z.string()]).nullish(),
  target_modules: z.union([z.string(), z.array(z.string())]).nullish(),
  layers_to_transform: z.union([z.int(), z.array(z.int())]).nullish(),
});

/** Keys of PEFT's that make an adapter more than a low-rank change, where they are set to anything. */
const beyondLora = [
  "alora_invocation_tokens",
  "arrow_config",
  "layer_replication",
  "modules_to_save",
  "target_parameters",
  "trainable_token_indices",
  "use_bdlora",
  "use_qalora",
];
/**
 * These start from parts of the base's weights and change the base: the adapter means nothing without that. PEFT takes
 * "OLoRA" for "olora", and keeps it as it was written.
 */
const changesBase = /^(pissa|olora|corda|loftq|lora_ga)/i;

/** Reads a PEFT folder. Throws LORAG_ADAPTER_MISSING, LORAG_ADAPTER_INVALID, LORAG_ADAPTER_UNSUPPORTED, LORAG_SAFETENSORS_CORRUPT. */
export async function readAdapter(folder: string): Promise<Adapter> {
  for (const name of [configName, weightsName]) {
    if (!(await exists(join(folder, name)))) throw missing(folder, name);
  }
  const config = parseConfig(folder, await readText(join(folder, configName)));
  const file = readSafetensors(
    memorySource(await readFile(join(folder, weightsName)), join(folder, weightsName)),
  );
  const tensors = new Map<string, FloatTensor>();
  const dora = config.use_dora ?? false;
  for (const name of file.names()) {
    const [, module, kind] = tensorName.exec(name) ?? [];
    const shape = file.shape(name);
    if (!module || (!kind && !dora))
      throw invalid(folder, `the tensor ${JSON.stringify(name)} is no part of a LoRA adapter`);
    if (kind && (shape.length !== 2 || shape[kind === "A" ? 0 : 1] !== config.r))
      throw invalid(folder, `${name} has the shape [${shape.join(", ")}], not rank ${config.r}`);
    const missing = partsOf(module, dora).find((part) => !file.names().includes(part));
    if (missing !== undefined) throw invalid(folder, `${missing} is missing`);
    const data = file.read(name);
    if (!data.every(Number.isFinite))
      throw invalid(folder, `${name} holds values that are no finite numbers`);
    tensors.set(name, { shape, data });
  }
  if (tensors.size === 0) throw invalid(folder, "it has no tensors");
  return {
    baseModel: config.base_model_name_or_path ?? "",
    rank: config.r,
    alpha: config.lora_alpha,
    rankStabilized: config.use_rslora ?? false,
    dropout: config.lora_dropout ?? 0,
    dora,
    targets: targetsOf(folder, config),
    tensors,
  };
}

export async function hasAdapter(folder: string): Promise<boolean> {
  return exists(join(folder, configName));
}

/** Writes a PEFT folder, replacing what was there in one step; it loads in PEFT, vLLM and `readAdapter`. */
export async function writeAdapter(
  folder: string,
  adapter: Adapter,
  task: AdapterTask = "CAUSAL_LM",
): Promise<void> {
  await writeFolderAtomic(folder, async (write) => {
    for (const [name, content] of adapterFiles(adapter, task)) await write(name, content);
  });
}

/** The files of a PEFT folder. */
export function adapterFiles(
  adapter: Adapter,
  task: AdapterTask = "CAUSAL_LM",
): Map<string, string | Uint8Array> {
  const modules = [...adapter.tensors.keys()].map((name) => tensorName.exec(name)?.[1]?.split(".").at(-1));
  const config = {
    peft_type: "LORA",
    task_type: task,
    base_model_name_or_path: adapter.baseModel,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    target_modules: [...new Set(modules)].sort(),
    ...(adapter.targets?.layers && { layers_to_transform: adapter.targets.layers }),
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    modules_to_save: null,
    use_dora: adapter.dora ?? false,
    use_rslora: adapter.rankStabilized ?? false,
  };
  return new Map<string, string | Uint8Array>([
    [configName, `${JSON.stringify(config, null, 2)}\n`],
    [weightsName, writeSafetensors(adapter.tensors)],
  ]);
}

/**
 * The adapter's values in the layout of the model that it goes on. Every tensor must have its place and every place
 * its tensor. Throws LORAG_ADAPTER_MISMATCH.
 */
export function bindAdapter(layout: ParameterLayout, adapter: Adapter): Float32Array<ArrayBuffer> {
  const values = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.tensors) {
    const tensor = adapter.tensors.get(name);
    if (!tensor) throw mismatch(`${name} is missing`);
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis]))
      throw mismatch(
        `${name} has the shape [${tensor.shape.join(", ")}], the model takes [${shape.join(", ")}]`,
      );
    values.set(tensor.data, offset);
  }
  const places = new Set(layout.tensors.map(({ name }) => name));
  const extra = [...adapter.tensors.keys()].find((name) => !places.has(name));
  if (extra) throw mismatch(`the model has no place for ${extra}`);
  return values;
}

/**
 * An adapter's layout on a model. Throws LORAG_ADAPTER_MISMATCH where its configuration names a module that it has no
 * tensors for, or it has tensors that the model has no place for: applied in part, it would be another adapter.
 */
export function fitAdapter(modules: readonly LinearModule[], adapter: Adapter): ParameterLayout {
  const { rank, alpha, rankStabilized, dropout, targets } = adapter;
  const stored = new Set(adapterModules(adapter));
  const layers = targets?.layers;
  const isTarget = ({ path }: LinearModule): boolean => {
    if (!targets) return stored.has(path);
    if (layers && !layers.includes(layerOf(path))) return false;
    if (targets.modules === "all-linear") return true;
    if (targets.modules instanceof RegExp) return targets.modules.test(path);
    return targets.modules.some((name) => path === name || path.endsWith(`.${name}`));
  };
  const wanted = modules.filter(isTarget).map(({ path }) => path);
  const bare = wanted.find((path) => !stored.has(path));
  if (bare !== undefined)
    throw mismatch(`its configuration has it on ${bare}, and it has no tensors for that`);
  const config = { rank, alpha, rankStabilized, dropout, targets: wanted };
  const layout = adapter.dora ? layoutDora(modules, config) : layoutAdapter(modules, config);
  bindAdapter(layout, adapter);
  return layout;
}

/** The modules that an adapter sits on, by full path: `model.layers.0.self_attn.q_proj`. */
export function adapterModules(adapter: Adapter): string[] {
  return [...new Set([...adapter.tensors.keys()].map((name) => tensorName.exec(name)![1]!))];
}

/** PEFT takes a string for a pattern of whole paths. */
function targetsOf(folder: string, config: z.infer<typeof peftConfig>): AdapterTargets | undefined {
  const { target_modules: named, layers_to_transform: numbers } = config;
  // What else PEFT's configurations may say of targets, that it did not write down: the tensors tell.
  if (named === null || named === undefined || isSet(config["exclude_modules"])) return undefined;
  const layers = typeof numbers === "number" ? [numbers] : (numbers ?? undefined);
  if (named === "all-linear") return { modules: named, layers };
  if (typeof named !== "string") return { modules: [...named].sort(), layers };
  try {
    return { modules: new RegExp(`^(?:${named})$`), layers };
  } catch {
    throw invalid(
      folder,
      `${configName} has the pattern ${JSON.stringify(named.slice(0, 100))} for target_modules, which cannot be read`,
    );
  }
}

/** The tensors that every module has. */
function partsOf(module: string, dora: boolean): string[] {
  const parts = ["lora_A.weight", "lora_B.weight", ...(dora ? ["lora_magnitude_vector"] : [])];
  return parts.map((part) => `base_model.model.${module}.${part}`);
}

function parseConfig(folder: string, text: string): z.infer<typeof peftConfig> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(folder, `${configName} is not JSON (${String(error).slice(0, 100)})`);
  }
  const parsed = peftConfig.safeParse(json);
  if (!parsed.success) throw invalid(folder, `${configName}: ${z.prettifyError(parsed.error).slice(0, 200)}`);
  const config = parsed.data;
  const unsupported = [
    config.peft_type !== "LORA" && `peft_type ${JSON.stringify(config.peft_type)}`,
    config.lora_bias && "lora_bias",
    config.fan_in_fan_out && "fan_in_fan_out",
    (config.bias ?? "none") !== "none" && `bias ${JSON.stringify(config.bias)}`,
    ...beyondLora.map((key) => isSet(config[key]) && key),
    typeof config.init_lora_weights === "string" &&
      changesBase.test(config.init_lora_weights) &&
      `init_lora_weights ${JSON.stringify(config.init_lora_weights)}`,
    Object.keys(config.rank_pattern ?? {}).length > 0 && "rank_pattern",
    Object.keys(config.alpha_pattern ?? {}).length > 0 && "alpha_pattern",
  ].filter((item) => typeof item === "string");
  if (unsupported.length === 0) return config;
  throw new LoragError({
    code: "LORAG_ADAPTER_UNSUPPORTED",
    kind: "data",
    message: `The adapter in ${folder} uses ${unsupported.join(", ")}, which cannot be run here`,
    next: "Use a plain LoRA adapter: one rank, no biases, no extra saved modules; PEFT converts a PiSSA or OLoRA adapter when it saves it with path_initial_model_for_weight_conversion.",
  });
}

/** False, null, and empty lists and objects are PEFT's ways to say no. */
function isSet(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

function missing(folder: string, name: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_MISSING",
    kind: "missing",
    message: `There is no adapter in ${folder}: ${name} is not there`,
    next: `Train one first, or give a PEFT folder with ${configName} and ${weightsName} (no .bin).`,
  });
}

function invalid(folder: string, what: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_INVALID",
    kind: "data",
    message: `The adapter in ${folder} is not valid: ${what}`,
    next: "Write it again with PEFT's save_pretrained, or train it again.",
  });
}

function mismatch(what: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_MISMATCH",
    kind: "data",
    message: `The adapter does not fit the model: ${what}`,
    next: "Use it with the base model that it was trained on (base_model_name_or_path in adapter_config.json).",
  });
}
