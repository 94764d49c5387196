import {
  decoderParts,
  full,
  openModel,
  parameterTensors,
  writeCheckpointFolder,
  type DecoderConfig,
  type OpenModel,
  type ResolvedModel,
} from "../../models/index.ts";
import { writeFolderAtomic } from "../../platform/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { Method } from "./method.ts";
import { parameterGroups } from "./parameter-groups.ts";

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
    groups: (layout) => parameterGroups(layout, settings),
    dropout: 0,
    save: async (folder, _, layout, parameters) => {
      const trained = parameterTensors(layout, parameters);
      // What stayed frozen is read from the base.
      const base = await openModel(resolved);
      const read = (name: string): Float32Array<ArrayBuffer> => {
        const own = trained.get(name)?.values;
        const shift = shiftOf.get(name)!;
        return own ? own.map((value) => value - shift) : base.weights.read(name);
      };
      await writeFolderAtomic(folder, async (write) => {
        await writeCheckpointFolder({ ...base, weights: { ...base.weights, read } }, resolved, write);
      });
      base.weights.close();
    },
  };
}
