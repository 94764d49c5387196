import { sizeOf, type ParameterLayout, type ParameterTensor } from "../../models/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { ParameterGroup } from "../trainable.ts";

/**
 * Stretches of a layout that learn alike. Matrices alone decay: norms, biases and magnitudes are to keep their size, as in
 * transformers' Trainer. With LoRA+ (https://arxiv.org/abs/2402.12354) B learns faster than A; a head has a rate of its own.
 */
export function parameterGroups(
  { tensors }: ParameterLayout,
  settings: Pick<TrainingSettings, "learning_rate" | "loraplus_lr_ratio" | "head_learning_rate">,
): ParameterGroup[] {
  const { learning_rate, loraplus_lr_ratio = 1, head_learning_rate = learning_rate } = settings;
  const rateOf = ({ name }: ParameterTensor): number => {
    if (name.startsWith("score.")) return head_learning_rate / learning_rate;
    return name.endsWith(".lora_B.weight") ? loraplus_lr_ratio : 1;
  };
  const groups: ParameterGroup[] = [];
  for (const tensor of tensors) {
    const group = { size: sizeOf(tensor), rate: rateOf(tensor), decays: tensor.shape.length > 1 };
    const last = groups.at(-1);
    if (last && last.rate === group.rate && last.decays === group.decays) last.size += group.size;
    else groups.push(group);
  }
  return groups;
}
