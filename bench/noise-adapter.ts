import {
  parameterTensors,
  decoderModules,
  initializeAdapter,
  layoutAdapter,
  openModel,
  parseDecoderConfig,
  resolveModel,
  writeAdapter,
} from "../src/models/index.ts";
import { seededRandom } from "../src/random/index.ts";

/** An adapter of rank 8 on all linear layers of the default model, of noise that is strong enough to change answers. */
export async function writeNoiseAdapter(folder: string, seed: number): Promise<void> {
  const model = await resolveModel("smollm2-135m-instruct");
  const opened = await openModel(model);
  opened.weights.close();
  const lora = { rank: 8, alpha: 16, dropout: 0, targets: "all-linear" } as const;
  const layout = layoutAdapter(decoderModules(parseDecoderConfig(opened.config)), lora);
  const random = seededRandom(seed);
  const values = initializeAdapter(layout, random);
  for (const { name, shape, offset } of layout.tensors) {
    if (name.endsWith(".lora_A.weight")) continue;
    for (let i = 0; i < shape[0]! * shape[1]!; i++) values[offset + i] = (random() - 0.5) * 0.05;
  }
  const tensors = new Map(
    [...parameterTensors(layout, values)].map(([name, { shape, values: data }]) => [name, { shape, data }]),
  );
  await writeAdapter(folder, { baseModel: model.name, rank: 8, alpha: 16, dropout: 0, tensors });
}
