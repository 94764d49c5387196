import { join } from "node:path";
import { readSafetensors, safetensorsPieces } from "../formats/index.ts";
import {
  exists,
  isCompleteFolder,
  listFolder,
  openFile,
  readText,
  removePath,
  writeFolderAtomic,
} from "../platform/index.ts";

/** A point of the loss curve, in nats per scored token, text or pair. */
export interface CurvePoint {
  step: number;
  train: number | null;
  validation: number | null;
  /** On the validation examples: the share that was right, of heads and of preferences; and the latter's margin. */
  accuracy?: number | undefined;
  margin?: number | undefined;
}

/** Everything that the next step depends on. Data order and dropout are named by seed and step, and so need no state. */
export interface Checkpoint {
  /** Optimizer steps done. */
  step: number;
  curve: CurvePoint[];
  best: { step: number; validation: number } | null;
  /** Validations since the best one. */
  sinceBest: number;
  /** Spent in training so far, over all its runs. */
  seconds: number;
  /** Input tokens trained on so far. */
  tokens: number;
  /** How often a loss or gradient went wrong, and what the learning rate is multiplied by since. */
  faults: number;
  rate: number;
  arrays: {
    /** What is trained, flat. */
    weights: Float32Array<ArrayBuffer>;
    /** Of AdamW. */
    mean: Float32Array<ArrayBuffer>;
    square: Float32Array<ArrayBuffer>;
    /** The same at `best`; empty while there is none. */
    bestWeights: Float32Array<ArrayBuffer>;
  };
}

const kept = 2;
const prefix = "step-";
const arraysFile = "arrays.safetensors";
const stateFile = "state.json";

/**
 * Writes `folder/step-N` whole or not at all, then removes all but that one and the one before it. Later ones go, too: they
 * are damaged, or the run would have gone on from them.
 */
export async function saveCheckpoint(folder: string, { arrays, ...state }: Checkpoint): Promise<void> {
  const tensors = Object.entries(arrays).map(([name, data]) => ({
    name,
    shape: [data.length],
    read: () => data,
  }));
  const name = nameOf(state.step);
  await writeFolderAtomic(join(folder, name), async (write) => {
    await write(arraysFile, safetensorsPieces(tensors));
    await write(stateFile, JSON.stringify(state));
  });
  const names = await checkpointNames(folder);
  const used = new Set(names.filter((other) => other <= name).slice(0, kept));
  for (const other of names) if (!used.has(other)) await removePath(join(folder, other));
}

/**
 * The newest checkpoint in `folder` that is whole, and the names of damaged ones that were passed over (damage can only
 * come from outside: writing is atomic).
 */
export async function loadCheckpoint(
  folder: string,
): Promise<{ checkpoint: Checkpoint | undefined; damaged: string[] }> {
  const damaged: string[] = [];
  for (const name of await checkpointNames(folder)) {
    const path = join(folder, name);
    if (await isCompleteFolder(path)) return { checkpoint: await readCheckpoint(path), damaged };
    damaged.push(name);
  }
  return { checkpoint: undefined, damaged };
}

/** Whether there is any in `folder`, damaged ones included. */
export async function hasCheckpoints(folder: string): Promise<boolean> {
  return (await checkpointNames(folder)).length > 0;
}

async function readCheckpoint(path: string): Promise<Checkpoint> {
  const state = JSON.parse(await readText(join(path, stateFile))) as Omit<Checkpoint, "arrays">;
  const file = readSafetensors(openFile(join(path, arraysFile)));
  try {
    return {
      ...state,
      // Those of before these were kept have neither.
      faults: state.faults ?? 0,
      rate: state.rate ?? 1,
      arrays: {
        weights: file.read("weights"),
        mean: file.read("mean"),
        square: file.read("square"),
        bestWeights: file.read("bestWeights"),
      },
    };
  } finally {
    file.close();
  }
}

/** Newest first. */
async function checkpointNames(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  return (await listFolder(folder)).filter((name) => name.startsWith(prefix)).reverse();
}

/** Padded, so that the order of names is the order of steps. */
const nameOf = (step: number): string => `${prefix}${String(step).padStart(8, "0")}`;
