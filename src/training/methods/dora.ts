import { dora, initializeAdapter, magnitudeName, rowLengths, type OpenModel } from "../../models/index.ts";
import type { TrainingSettings } from "../settings.ts";
import { loraConfig, saveAdapter } from "./lora.ts";
import type { Method } from "./method.ts";
import { parameterGroups } from "./parameter-groups.ts";

/** Low-rank adapters with magnitudes (https://arxiv.org/abs/2402.09353), kept as a PEFT folder. Needs the open weights. */
export function doraMethod(settings: TrainingSettings, { weights }: Pick<OpenModel, "weights">): Method {
  const config = loraConfig(settings);
  const norms = new Map<string, Float32Array<ArrayBuffer>>();
  const normsOf = (path: string): Float32Array<ArrayBuffer> => {
    const known = norms.get(path);
    if (known) return known;
    const name = `${path}.weight`;
    const made = rowLengths(weights.read(name), weights.shape(name)[0]!);
    norms.set(path, made);
    return made;
  };
  return {
    tuning: dora(config, normsOf),
    initialize: (layout, random) => {
      const values = initializeAdapter(layout, random);
      for (const { name, offset } of layout.tensors) {
        const path = /^base_model\.model\.(.+)\.lora_magnitude_vector$/.exec(name)?.[1];
        if (path !== undefined && name === magnitudeName(path)) values.set(normsOf(path), offset);
      }
      return values;
    },
    groups: (layout) => parameterGroups(layout, settings),
    dropout: config.dropout,
    save: (folder, model, layout, parameters) =>
      saveAdapter(folder, model, { ...config, dora: true }, layout, parameters),
  };
}
