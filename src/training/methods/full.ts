import {
  decoderParts,
  full,
  openModel,
  parameterTensors,
  writeModel,
  type DecoderConfig,
  type OpenModel,
  type ResolvedModel,
} from "../../models/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { Method } from "./method.ts";

/** The weights themselves, or those of the last blocks, kept as a safetensors folder. Needs the open weights. */
export function fullMethod(
  settings: TrainingSettings,
  model: OpenModel,
  resolved: ResolvedModel,
  config: DecoderConfig,
): Method {
  const tuning = full({ layers: settings.freeze_trainable_layers });
  const { weights } = decoderParts(config);
  const shiftOf = new Map(weights.map(({ stored, shift }) => [stored, shift]));
  let initial: Float32Array<ArrayBuffer> | undefined;
  return {
    tuning,
    initialize: (layout) => {
      if (initial) return initial;
      initial = new Float32Array(layout.size);
      for (const [name, { values }] of parameterTensors(layout, initial)) {
        const shift = shiftOf.get(name)!;
        const stored = model.weights.read(name);
        for (let i = 0; i < values.length; i++) values[i] = stored[i]! + shift;
      }
      return initial;
    },
    groups: ({ size }) => [{ size, rate: 1 }],
    dropout: 0,
    save: async (folder, _, layout, parameters) => {
      const trained = parameterTensors(layout, parameters);
      // What stayed frozen is read from the base.
      const base = await openModel(resolved);
      const tensors = weights.map(({ stored: name, shape, shift }) => {
        const own = trained.get(name)?.values;
        return [
          name,
          { shape, data: own ? own.map((value) => value - shift) : base.weights.read(name) },
        ] as const;
      });
      base.weights.close();
      await writeModel(folder, { ...base, folder: resolved.folder }, new Map(tensors));
    },
  };
}
