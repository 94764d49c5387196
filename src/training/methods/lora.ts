import {
  initializeAdapter,
  lora,
  parameterTensors,
  writeAdapter,
  type LoraConfig,
  type OpenModel,
  type ParameterLayout,
} from "../../models/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { Method } from "./method.ts";
import { parameterGroups } from "./parameter-groups.ts";

/** Low-rank adapters (https://arxiv.org/abs/2106.09685), kept as a PEFT folder. */
export function loraMethod(settings: TrainingSettings): Method {
  const config = loraConfig(settings);
  return {
    tuning: lora(config),
    initialize: initializeAdapter,
    groups: (layout) => parameterGroups(layout, settings),
    dropout: config.dropout,
    save: (folder, model, layout, parameters) => saveAdapter(folder, model, config, layout, parameters),
  };
}

export async function saveAdapter(
  folder: string,
  model: OpenModel,
  { targets, layers, ...config }: LoraConfig & { dora?: boolean },
  layout: ParameterLayout,
  parameters: Float32Array<ArrayBuffer>,
): Promise<void> {
  const tensors = [...parameterTensors(layout, parameters)].map(
    ([name, { shape, values: data }]) => [name, { shape, data }] as const,
  );
  await writeAdapter(folder, {
    baseModel: model.name,
    ...config,
    targets: { modules: targets, layers },
    tensors: new Map(tensors),
  });
}

export function loraConfig(settings: TrainingSettings): LoraConfig {
  return {
    rank: settings.lora_r,
    alpha: settings.lora_alpha,
    dropout: settings.lora_dropout,
    rankStabilized: settings.peft_use_rslora,
    targets: settings.lora_target_modules,
    layers: settings.peft_layers_to_transform,
  };
}
