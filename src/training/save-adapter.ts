import type { TrainingRecord } from "../contracts/index.ts";
import { writeSafetensors } from "../formats/index.ts";
import { adapterTensors, type AdapterLayout } from "../models/index.ts";
import { writeFolderAtomic } from "../platform/index.ts";
import type { TrainingSettings } from "./settings.ts";

/** Writes a PEFT adapter folder, with the training record beside it as `training.json`. Whole or not at all. */
export async function saveAdapter(
  folder: string,
  baseModel: string,
  settings: TrainingSettings,
  layout: AdapterLayout,
  adapter: Float32Array<ArrayBuffer>,
  record: TrainingRecord,
): Promise<void> {
  const tensors = [...adapterTensors(layout, adapter)].map(
    ([name, { shape, values }]) => [name, { shape, data: values }] as const,
  );
  const config = {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: baseModel,
    inference_mode: true,
    r: settings.lora_r,
    lora_alpha: settings.lora_alpha,
    lora_dropout: settings.lora_dropout,
    target_modules: settings.lora_target_modules,
    bias: "none",
    fan_in_fan_out: false,
    use_rslora: false,
    use_dora: false,
  };
  await writeFolderAtomic(folder, async (write) => {
    await write("adapter_model.safetensors", writeSafetensors(new Map(tensors)));
    await write("adapter_config.json", `${JSON.stringify(config, null, 2)}\n`);
    await write("training.json", `${JSON.stringify(record, null, 2)}\n`);
  });
}
