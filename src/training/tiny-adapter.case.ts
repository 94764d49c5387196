import { writeAdapter } from "../models/index.ts";
import { seededRandom } from "../random/index.ts";
import { tinyConfig } from "./tiny-llama.case.ts";

/** A PEFT folder of noise for the tiny llama's queries; other `inputs` than its own do not fit it. */
export async function writeTinyAdapter(
  folder: string,
  { seed = 1, inputs = tinyConfig.hidden_size }: { seed?: number; inputs?: number } = {},
): Promise<void> {
  const rank = 2;
  const random = seededRandom(seed);
  const noise = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape[0]! * shape[1]! }, () => random() - 0.5),
  });
  const tensors = new Map(
    Array.from({ length: tinyConfig.num_hidden_layers }, (_, layer) => {
      const name = `base_model.model.model.layers.${layer}.self_attn.q_proj.lora`;
      return [
        [`${name}_A.weight`, noise(rank, inputs)],
        [`${name}_B.weight`, noise(tinyConfig.hidden_size, rank)],
      ] as const;
    }).flat(),
  );
  await writeAdapter(folder, { baseModel: "", rank, alpha: 8, dropout: 0, tensors });
}
