import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TrainingBackend, TrainingRecord } from "../../../contracts/index.ts";
import { readAdapter, writeAdapter, type ResolvedModel } from "../../../models/index.ts";
import { readFile, readText, removePath, writeFileAtomic } from "../../../platform/index.ts";
import { metricsFiles } from "../../metrics-file.ts";
import { wait } from "../fine-tuning-api.ts";
import type { Trainer, TrainerJob } from "../trainer.ts";
import { followJob, jobCurve, lookMs, outcomeOf, type Outcome } from "./follow-job.ts";
import { failed, interrupted, notFinite } from "./job-faults.ts";
import { writeJob, type JobFolder } from "./job-folder.ts";
import { kubernetesJob, slurmScript, type Launch } from "./launch.ts";
import { runJob } from "./run-job.ts";
import { findTrlPython } from "./setup-trl.ts";

export type TrlOptions = Pick<
  TrainingBackend,
  "launcher" | "python" | "processes" | "hosts" | "nodes" | "accelerate"
>;

/**
 * Trains with TRL and PEFT under `accelerate launch`: the same tokens, the same examples in each step and the same adapter to
 * begin with as the engine here, and what comes of it is the same PEFT folder. Throws LORAG_NO_TRL, LORAG_TRL_METHOD,
 * LORAG_TRAINING_FAILED, LORAG_LOSS_NOT_FINITE, LORAG_INTERRUPTED.
 */
export function createTrlTrainer(model: ResolvedModel, options: TrlOptions): Trainer {
  const { launcher, hosts } = options;
  return {
    train: async (job, { onStep, onMessage, signal } = {}) => {
      if (signal?.aborted) throw interrupted(job.checkpoints, false);
      const python = options.python ?? (launcher === "run" ? await findTrlPython() : "python3");
      const launch: Launch = { ...options, python };
      const made = await writeJob(job, model, launcher !== "run" || hosts.length > 0);
      const { folder } = made;
      const look = await followJob(folder, (step) => onStep?.(step));
      await writeFileAtomic(join(folder, "train.py"), await readText(script));
      if ((await outcomeOf(folder))?.kind !== "done") {
        await removePath(join(folder, "out", "failed.json"));
        if (launcher === "run") await runJob(launch, folder, { look, signal, onMessage });
        else {
          onMessage?.(await writeSubmission(launcher, launch, folder, options.nodes));
          await untilEnded(folder, look, signal);
        }
      }
      await look();
      const outcome = await outcomeOf(folder);
      if (outcome?.kind === "failed") throw notFinite(outcome);
      if (outcome === undefined) throw failed(folder, "it ended before its last step");
      return { kind: "peft", folder: job.folder, record: await bringHome(job, made, model, outcome) };
    },
  };
}

const script = fileURLToPath(new URL("./train.py", import.meta.url));

/** What others run. */
async function untilEnded(folder: string, look: () => Promise<void>, signal?: AbortSignal): Promise<void> {
  try {
    while ((await outcomeOf(folder)) === undefined) {
      await look();
      await wait(lookMs, signal);
    }
  } catch (error) {
    if (signal?.aborted) throw interrupted(folder, true);
    throw error;
  }
}

/** Writes what is to be submitted, and says how. */
async function writeSubmission(
  launcher: "slurm" | "kubernetes",
  launch: Launch,
  folder: string,
  nodes: number,
): Promise<string> {
  const slurm = launcher === "slurm";
  const path = join(folder, slurm ? "train.slurm" : "train.kubernetes.json");
  const name = `lorag-${folder.slice(-16)}`;
  await writeFileAtomic(
    path,
    slurm ? slurmScript(launch, folder, nodes) : kubernetesJob(launch, folder, name),
  );
  return `Submit it with \`${slurm ? "sbatch" : "kubectl apply -f"} ${path}\`; what it writes into ${folder} is followed here.`;
}

async function bringHome(
  job: TrainerJob,
  { folder, examples, steps }: JobFolder,
  model: ResolvedModel,
  { device, steps: taken }: Extract<Outcome, { kind: "done" }>,
): Promise<TrainingRecord> {
  const curve = await jobCurve(folder);
  const validated = curve.filter(({ validation }) => validation !== null);
  const best = validated.toSorted((a, b) => a.validation! - b.validation!)[0];
  const record: TrainingRecord = {
    adapter: job.folder,
    examples,
    steps: Math.min(taken, steps),
    bestStep: best?.step ?? null,
    seconds: curve.at(-1)?.seconds ?? 0,
    device,
    losses: curve.map(({ step, train, validation }) => ({ step, train, validation })),
    retention: null,
  };
  const adapter = await readAdapter(join(folder, "out", "best"));
  const first = await readAdapter(join(folder, "adapter"));
  await writeAdapter(job.folder, { ...first, tensors: adapter.tensors });
  await writeFileAtomic(join(job.folder, "training.json"), `${JSON.stringify(record, null, 2)}\n`);
  for (const name of metricsFiles)
    await writeFileAtomic(join(job.folder, name), await readFile(join(folder, name)));
  return record;
}
