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
import type { ParameterGroup } from "../trainable.ts";
import type { Method } from "./method.ts";

/** Low-rank adapters (https://arxiv.org/abs/2106.09685), kept as a PEFT folder. */
export function loraMethod(settings: TrainingSettings): Method {
  const config = loraConfig(settings);
  return {
    tuning: lora(config),
    initialize: initializeAdapter,
    groups: (layout) => ratesOf(layout, settings.loraplus_lr_ratio),
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

/** LoRA+ (https://arxiv.org/abs/2402.12354): B learns faster than A. */
export function ratesOf({ size, tensors }: ParameterLayout, ratio: number | undefined): ParameterGroup[] {
  if (ratio === undefined) return [{ size, rate: 1 }];
  return tensors.map(({ name, shape }) => ({
    size: shape.reduce((a, b) => a * b, 1),
    rate: name.endsWith(".lora_B.weight") ? ratio : 1,
  }));
}
