import type { FloatTensor } from "../../formats/index.ts";
import {
  initializeAdapter,
  lora,
  parameterTensors,
  writeAdapter,
  type Adapter,
  type AdapterTask,
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
  config: LoraConfig & { dora?: boolean },
  layout: ParameterLayout,
  parameters: Float32Array<ArrayBuffer>,
  task?: AdapterTask,
): Promise<void> {
  await writeAdapter(folder, adapterOf(model, config, tensorsOf(layout, parameters)), task);
}

/** What was trained, as a PEFT folder has it. */
export const adapterOf = (
  model: OpenModel,
  { targets, layers, ...config }: LoraConfig & { dora?: boolean },
  tensors: Adapter["tensors"],
): Adapter => ({ baseModel: model.name, ...config, targets: { modules: targets, layers }, tensors });

/** Trained parameters by their names. */
export const tensorsOf = (
  layout: ParameterLayout,
  parameters: Float32Array<ArrayBuffer>,
): Map<string, FloatTensor> =>
  new Map(
    [...parameterTensors(layout, parameters)].map(([name, { shape, values: data }]) => [
      name,
      { shape, data },
    ]),
  );

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
