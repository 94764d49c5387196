import { join, resolve } from "node:path";
import { LoragError, type ArmSpec, type Example } from "../contracts/index.ts";
import {
  exists,
  isCompleteFolder,
  listFolder,
  removePath,
  statPath,
  writeFolderAtomic,
} from "../platform/index.ts";
import { compareScores, scoreExamples, type Parity, type Scored } from "../training/index.ts";
import { renderPrompt } from "../arms/index.ts";
import { adapterOf } from "./adapter-spec.ts";
import type { Context } from "./context.ts";
import { exportKinds, type ExportKindName, type Reopened } from "./export-kinds.ts";
import { findArm } from "./find-arm.ts";
import type { Parts } from "./parts.ts";
import { beginTraining, examplesOf, readyOne } from "./run.ts";
import { runProject } from "./run-project.ts";
import { styleOf } from "./style.ts";

export interface ExportOptions {
  kind: ExportKindName;
  /** Of the matrices of a GGUF file. */
  type: "F32" | "F16" | "Q8_0";
  /** The folder to write; it must not be there, be empty, or be an earlier export. */
  out: string;
  /** How many validation examples the written files are checked on, at most. */
  examples: number;
  /** Largest difference of a log-probability that passes; by what is written where absent. */
  threshold?: number | undefined;
}

export interface Exported {
  arm: string;
  kind: ExportKindName;
  folder: string;
  files: string[];
  parity: Parity & { threshold: number };
}

/**
 * What rounding to a type comes to, over a hundred validation tokens: F32 differs by the order of sums alone, F16 by a few
 * thousandths, Q8_0 by tenths where a token is unlikely.
 */
const thresholds = { F32: 0.001, F16: 0.05, Q8_0: 1 };

/**
 * Writes what an arm was tuned to in a form that other programs load, training it first where need be, then opens what was
 * written and compares it with the arm's own model on validation examples: nothing stays that is further away than the
 * threshold. Throws LORAG_PARITY, LORAG_EXPORT, LORAG_EXPORT_FOLDER, LORAG_NOTHING_TO_EXPORT.
 */
export async function exportArm(context: Context, name: string, options: ExportOptions): Promise<Exported> {
  const arm = findArm(context.project, name);
  const spec = adapterOf(context.project, arm);
  if (!spec) throw nothingToExport(arm);
  const { method } = spec.settings;
  if (!spec.imported && method !== "lora" && method !== "dora") throw methodNotExported(arm, method);
  const folder = resolve(options.out);
  await requireFree(folder);
  return runProject(context, async (parts) => {
    const run = await beginTraining(context, parts, [arm]);
    const { folder: trained } = await readyOne(run, spec);
    const { validation } = await examplesOf(run, spec);
    const checked = validation.slice(0, options.examples);
    if (checked.length === 0) throw nothingToCheck();
    const models = await import("../models/index.ts");
    const resolved = await parts.localModel(arm.model);
    const base = await models.openModel(resolved);
    const { max_new_tokens: maxTokens } = context.project.config;
    const [system] = renderPrompt([{ role: "user", content: "" }], styleOf(context.project, arm));
    const chat = { system: system!.content, maxTokens };
    const kind = exportKinds[options.kind];
    const type = options.kind === "gguf" || options.kind === "ollama" ? options.type : "F32";
    const threshold = options.threshold ?? thresholds[type];
    const adapter = await models.readAdapter(trained);
    let parity: Parity | undefined;
    context.onProgress({ step: `Writing ${kind.label}`, done: 0, total: 2, unit: "steps" });
    try {
      await writeFolderAtomic(
        folder,
        (write) => kind.write(models, { base, resolved, adapter, type, chat, write }),
        async (built) => {
          context.onProgress({ step: "Checking what was written", done: 1, total: 2, unit: "steps" });
          parity = await checkParity(parts, arm, {
            spec: { key: spec.key, folder: trained },
            written: kind.reopen(built),
            examples: checked,
            maxTokens,
            scratch: join(context.project.output, "parity"),
          });
          if (!(parity.largestDifference <= threshold)) throw tooFar(parity, threshold, kind.label);
        },
      );
    } finally {
      base.weights.close();
    }
    const files = (await listFolder(folder)).filter((file) => file !== "MANIFEST.json");
    return { arm: arm.name, kind: options.kind, folder, files, parity: { ...parity!, threshold } };
  });
}

interface Check {
  /** The adapter as it was trained. */
  spec: { key: string; folder: string };
  written: Reopened;
  examples: Example[];
  maxTokens: number;
  /** A folder for compiled weights, removed at the end. */
  scratch: string;
}

/** Compares the arm's own model with what was written, on gold completions and on the arm's own greedy answers. */
async function checkParity(parts: Parts, arm: ArmSpec, check: Check): Promise<Parity> {
  const { spec, written, examples, scratch } = check;
  const answers = await answerGreedily(parts, arm, check);
  const models = await import("../models/index.ts");
  const base = await parts.localModel(arm.model);
  const all = [...examples, ...answers];
  try {
    const today = base.today === undefined ? {} : { today: base.today };
    const [own, other] = (await scoreExamples([
      { model: base, adapter: spec.folder, examples: all, scratch: join(scratch, "own") },
      written.model === undefined
        ? { model: base, adapter: written.adapter, examples: all, scratch: join(scratch, "own") }
        : {
            model: { ...(await models.resolveModel(written.model)), ...today },
            adapter: written.adapter,
            examples: all,
            scratch: join(scratch, "written"),
          },
    ])) as [Scored[], Scored[]];
    const [first, rest] = [examples.length, all.length];
    return compareScores(
      [own.slice(0, first), other.slice(0, first)],
      [own.slice(first, rest), other.slice(first, rest)],
    );
  } finally {
    await removePath(scratch);
  }
}

async function answerGreedily(
  parts: Parts,
  arm: ArmSpec,
  { spec, examples, maxTokens }: Check,
): Promise<Example[]> {
  const model = await parts.generator(arm.model);
  await model.loadAdapter?.(spec.key, spec.folder);
  const answers = await Promise.all(
    examples.map(async (example) => {
      const request = {
        messages: example.prompt,
        adapter: spec.key,
        sampling: { maxTokens, temperature: 0 },
      };
      return { ...example, completion: (await model.generate(request)).text };
    }),
  );
  // An empty answer has no token to compare.
  return answers.filter(({ completion }) => completion.trim() !== "");
}

/** What is replaced must be an earlier export: a wrong path must cost nothing. */
async function requireFree(folder: string): Promise<void> {
  const found = await statPath(folder);
  if (!found) return;
  if (found.isFolder && ((await listFolder(folder)).length === 0 || (await isEarlierExport(folder)))) return;
  throw new LoragError({
    code: "LORAG_EXPORT_FOLDER",
    kind: "usage",
    message: `${folder} is there already and is no export of lorag's`,
    next: "Name a folder that is not there yet, or an empty one.",
  });
}

const exportFiles = ["adapter_config.json", "model.safetensors", "model.gguf", "adapter.gguf"];

async function isEarlierExport(folder: string): Promise<boolean> {
  const isOurs = await isCompleteFolder(folder, { quick: true });
  const known = await Promise.all(exportFiles.map((file) => exists(join(folder, file))));
  return isOurs && known.some(Boolean);
}

function tooFar({ largestDifference, tokens }: Parity, threshold: number, label: string): LoragError {
  return new LoragError({
    code: "LORAG_PARITY",
    kind: "data",
    message: `What was written as ${label} is not the arm's model: over ${tokens} validation tokens the largest difference in log-probability is ${largestDifference.toPrecision(3)}, above ${threshold}`,
    next: "Nothing was kept. Choose a finer type (--type f16, --type f32), or allow more with --threshold.",
  });
}

function nothingToExport({ name }: ArmSpec): LoragError {
  return new LoragError({
    code: "LORAG_NOTHING_TO_EXPORT",
    kind: "usage",
    message: `The arm ${name} is not tuned, so it has nothing to export`,
    next: "Name a tuned arm: `lorag export tuned --out my-model`.",
  });
}

function methodNotExported({ name }: ArmSpec, method: string): LoragError {
  return new LoragError({
    code: "LORAG_NOTHING_TO_EXPORT",
    kind: "usage",
    message: `The arm ${name} is trained by the method ${method}, of which there is no adapter to export`,
    next: "Export an arm whose method is lora or dora; what full fine-tuning made lies in the arm's folder of .lorag/adapters as safetensors.",
  });
}

function nothingToCheck(): LoragError {
  return new LoragError({
    code: "LORAG_NOTHING_TO_CHECK",
    kind: "config",
    message: "There is no validation example to check the export on",
    next: "Raise val_set_size, or --examples.",
  });
}
