import { join, relative, resolve } from "node:path";
import { LoragError } from "../contracts/index.ts";
import { renderPrompt } from "../arms/index.ts";
import { exists, readFile, removePath, writeFolderAtomic } from "../platform/index.ts";
import { compareScores, scoreExamples, type Parity, type Scored } from "../training/index.ts";
import type { Context } from "./context.ts";
import { runProject } from "./run-project.ts";
import { requireSameBase } from "./same-base.ts";
import { prepare } from "./steps/prepare.ts";
import { styleOf } from "./style.ts";

export interface Imported {
  /** Of the arm. */
  name: string;
  /** From the project's folder. */
  path: string;
  rank: number;
  /** How many layers it sits on. */
  modules: number;
  /** Beside the base against merged into it. */
  parity: Parity;
  /** Largest difference of a log-probability that it makes to the bare base. */
  change: number;
}

const files = ["adapter_config.json", "adapter_model.safetensors"];
const mostExamples = 8;
const threshold = 0.001;

/**
 * Brings a LoRA adapter that PEFT wrote into `adapters/NAME` of the project. Refused is one that does not fit the base model
 * to the last tensor, that differs from itself merged into the base, or that changes nothing.
 * Throws LORAG_ADAPTER_MISMATCH, LORAG_ADAPTER_UNSUPPORTED, LORAG_PARITY, LORAG_ADAPTER_IDLE, LORAG_IMPORT_NAME.
 */
export function importAdapter(
  context: Context,
  folder: string,
  { name, anyBase = false }: { name: string; anyBase?: boolean },
): Promise<Imported> {
  const { project } = context;
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) throw badName(name);
  const target = join(project.folder, "adapters", name);
  return runProject(context, async (parts) => {
    const models = await import("../models/index.ts");
    const from = resolve(folder);
    const adapter = await models.readAdapter(from);
    const resolved = await parts.localModel();
    if (!anyBase) requireSameBase(adapter.baseModel, resolved.name);
    const base = await models.openModel(resolved);
    const merged = models.mergeAdapter(base, adapter);
    const { validation, test } = await prepare(context, true);
    const style = styleOf(project, {});
    const examples = [...validation, ...test]
      .slice(0, mostExamples)
      .map((example) => ({ ...example, prompt: renderPrompt(example.prompt, style) }));
    const scratch = join(project.output, "parity");
    try {
      const mergedFolder = join(scratch, "merged");
      await writeFolderAtomic(mergedFolder, (write) => models.writeCheckpointFolder(merged, resolved, write));
      const mergedModel = { ...resolved, ...(await models.resolveModel(mergedFolder)) };
      const [beside, within, bare] = (await scoreExamples([
        { model: resolved, adapter: from, examples, scratch: join(scratch, "base") },
        { model: mergedModel, examples, scratch: join(scratch, "within") },
        { model: resolved, examples, scratch: join(scratch, "base") },
      ])) as [Scored[], Scored[], Scored[]];
      const parity = compareScores([beside, within], [[], []]);
      if (!(parity.largestDifference <= threshold)) throw tooFar(parity);
      const { largestDifference: change } = compareScores([beside, bare], [[], []]);
      if (change === 0) throw idle(from);
      await writeFolderAtomic(target, async (write) => {
        for (const file of files) await write(file, await readFile(join(from, file)));
      });
      const path = relative(project.folder, target);
      return {
        name,
        path,
        rank: adapter.rank,
        modules: models.adapterModules(adapter).length,
        parity,
        change,
      };
    } finally {
      base.weights.close();
      if (await exists(scratch)) await removePath(scratch);
    }
  });
}

function tooFar({ largestDifference, tokens }: Parity): LoragError {
  return new LoragError({
    code: "LORAG_PARITY",
    kind: "data",
    message: `Over ${tokens} tokens the adapter beside the base and the adapter merged into it differ by ${largestDifference.toPrecision(3)} in log-probability, above ${threshold}`,
    next: "Its values may be too large for float32 to add up; look at how it was trained.",
  });
}

function idle(folder: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_IDLE",
    kind: "data",
    message: `The adapter in ${folder} changes nothing: every answer would be the base model's`,
    next: "It may never have been trained (its B matrices are zero): give the folder of a later checkpoint.",
  });
}

function badName(name: string): LoragError {
  return new LoragError({
    code: "LORAG_IMPORT_NAME",
    kind: "usage",
    message: `${JSON.stringify(name)} is no name for an arm`,
    next: "Use lower-case letters, digits, `.`, `_` and `-`, 64 at most.",
  });
}
