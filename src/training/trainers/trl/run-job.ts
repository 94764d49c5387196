import { join } from "node:path";
import { LoragError } from "../../../contracts/index.ts";
import { exists, listFolder, runProcess, type ProcessResult } from "../../../platform/index.ts";
import { lookMs } from "./follow-job.ts";
import { failed, interrupted } from "./job-faults.ts";
import { launchCommands, type Launch } from "./launch.ts";

/** A step and a checkpoint must fit in. */
const graceMs = 30_000;

export interface RunJobOptions {
  look: () => Promise<void>;
  signal?: AbortSignal | undefined;
  onMessage?: ((message: string) => void) | undefined;
}

/**
 * Runs the job in `folder` to its end, on this machine or on each host. Where a launch fails that had left a later checkpoint
 * than the one before, it is launched again: no others come up to the processes that are left, and torch's own restarts meet
 * at the addresses of processes that have ended. Throws LORAG_TRAINING_FAILED, LORAG_INTERRUPTED, LORAG_PROGRAM_MISSING.
 */
export async function runJob(launch: Launch, folder: string, options: RunJobOptions): Promise<void> {
  for (let kept = await lastCheckpoint(folder); ;) {
    const fault = await runLaunch(launch, folder, options);
    if (fault === undefined) return;
    const now = await lastCheckpoint(folder);
    if (now <= kept) throw fault;
    kept = now;
    options.onMessage?.(`${fault.message}. It goes on after step ${now}.`);
  }
}

/** Where one machine fails, the others end; the fault of the first comes back. */
async function runLaunch(
  launch: Launch,
  folder: string,
  { look, signal }: RunJobOptions,
): Promise<LoragError | undefined> {
  const fault = new AbortController();
  const ends = AbortSignal.any([fault.signal, ...(signal ? [signal] : [])]);
  const env = { ...process.env, PYTHONUNBUFFERED: "1", TOKENIZERS_PARALLELISM: "false" };
  const commands = launchCommands(launch, folder);
  const onOne = async ({ host, words }: (typeof commands)[number]): Promise<void> => {
    const [program, ...args] = words;
    const result = await runProcess(program!, args, { signal: ends, graceMs, env });
    if (result.exitCode === 0) return;
    fault.abort();
    throw failed(folder, `${host} says: ${lastWords(result)}`);
  };
  let running = true;
  const machines = Promise.allSettled(commands.map(onOne)).finally(() => {
    running = false;
  });
  while (running) {
    await look();
    await Promise.race([machines, new Promise((resolve) => setTimeout(resolve, lookMs))]);
  }
  await look();
  if (signal?.aborted) throw interrupted(folder, false);
  const faults = (await machines).flatMap((end) =>
    end.status === "rejected" ? [end.reason as unknown] : [],
  );
  return faults.find((reason) => reason instanceof LoragError);
}

/** The step of the last checkpoint that is whole; 0 without one. */
async function lastCheckpoint(folder: string): Promise<number> {
  const out = join(folder, "out");
  if (!(await exists(out))) return 0;
  const steps = (await listFolder(out)).map(async (name) => {
    const step = Number(/^checkpoint-(\d+)$/.exec(name)?.[1] ?? 0);
    return step > 0 && (await exists(join(out, name, "complete"))) ? step : 0;
  });
  return Math.max(0, ...(await Promise.all(steps)));
}

/**
 * Of a launcher's many words the error that began it: one that Python raised, but for those of processes that have lost
 * another one, or the signal that ended a process.
 */
function lastWords({ stdout, stderr, exitCode }: ProcessResult): string {
  const lines = `${stdout}\n${stderr}`
    .split("\n")
    .map((line) => line.replace(/^\[rank\d+\]:\s*/, "").trim())
    .filter(Boolean);
  const errors = lines.filter((line) => /^[\w.]*(Error|Exception)\b/.test(line) && !/ChildFailed/.test(line));
  const own = errors.find((line) => !/gloo|nccl|connection (reset|closed)|DistBackendError/i.test(line));
  const signal = lines.map((line) => /failed \(exitcode: -(\d+)\)/.exec(line)?.[1]).find(Boolean);
  const ended = signal && `one of its processes was ended by ${signalName(signal)}`;
  return own ?? ended ?? errors[0] ?? lines.at(-1) ?? `exit code ${exitCode}`;
}

/** 9 is also how a system out of memory ends one. */
const signalName = (signal: string): string =>
  signal === "9" ? "SIGKILL, as a machine does that is out of memory" : `signal ${signal}`;
