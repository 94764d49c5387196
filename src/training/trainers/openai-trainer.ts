import { join } from "node:path";
import { z } from "zod";
import { LoragError, type EndpointEntry, type Example, type TrainingRecord } from "../../contracts/index.ts";
import {
  exists,
  makeFolder,
  parseJson,
  readText,
  sha256,
  writeFileAtomic,
  writeFolderAtomic,
} from "../../platform/index.ts";
import {
  createFineTuningApi,
  Unanswered,
  wait,
  type ApiOptions,
  type FineTuningApi,
  type FineTuningEvent,
  type FineTuningJob,
} from "./fine-tuning-api.ts";
import type { Trainer, TrainerJob, TrainerResult } from "./trainer.ts";

export interface OpenAiTrainerOptions extends Omit<ApiOptions, "signal"> {
  /** The endpoint, its key, and the model that is tuned. */
  entry: EndpointEntry;
  /** Between two looks at a job. */
  pollMs?: number;
}

/** What was started, written down before anything else is done. */
const startedSchema = z.object({
  /** Of examples and settings: what was started for others is none of this job's. */
  identity: z.string(),
  trainingFile: z.string().optional(),
  validationFile: z.string().optional(),
  job: z.string().optional(),
});
type Started = z.output<typeof startedSchema>;

/** What a folder of a model that was tuned elsewhere holds. */
const remoteFile = "remote.json";

/** The name, at its endpoint, of the model that a folder stands for; undefined where it holds an adapter. */
export async function readRemoteModel(folder: string): Promise<string | undefined> {
  const path = join(folder, remoteFile);
  if (!(await exists(path))) return undefined;
  return z.looseObject({ model: z.string() }).parse(parseJson(await readText(path))).model;
}

const failedStates: ReadonlySet<string> = new Set(["failed", "cancelled"]);

/**
 * Tunes a model at an OpenAI-compatible fine-tuning endpoint. Files and the job carry the identity of examples and settings:
 * a run that was cut off, even between the request for a job and the answer, finds the job there and takes it up. Ctrl-C
 * leaves it running. Throws LORAG_INTERRUPTED, LORAG_TRAINING_FAILED, LORAG_TRAINING_REFUSED, LORAG_TRAINING_KEY.
 */
export function createOpenAiTrainer(options: OpenAiTrainerOptions): Trainer {
  const { entry, pollMs = 10_000 } = options;
  return {
    train: async (job, { onStep, onMessage, signal } = {}) => {
      const api = createFineTuningApi(entry, { ...options, signal });
      const record = await openStarted(job, entry);
      try {
        const id = await start(api, job, entry, record);
        onMessage?.(`${entry.model} is tuned at ${entry.endpoint} as job ${id}.`);
        const told = new Set<string>();
        for (;;) {
          const current = await api.job(id);
          const events = await api.events(id).catch(() => []);
          for (const event of events) {
            if (told.has(event.id)) continue;
            told.add(event.id);
            const at = stepOf(event);
            if (at) onStep?.(at);
          }
          if (failedStates.has(current.status)) {
            // Another run starts anew: this one came to nothing.
            await record.write({ identity: record.started.identity });
            throw failed(entry, current);
          }
          if (current.status === "succeeded") return await finish(job, entry, current, events);
          await wait(pollMs, signal);
        }
      } catch (error) {
        if (signal?.aborted) throw interrupted(entry, record.started.job);
        throw error instanceof Unanswered ? error.error : error;
      }
    },
  };
}

interface StartedRecord {
  started: Started;
  write: (started: Started) => Promise<void>;
}

async function openStarted(job: TrainerJob, entry: EndpointEntry): Promise<StartedRecord> {
  const { num_epochs, seed, learning_rate } = job.settings;
  const lines = [linesOf(job.train), linesOf(job.validation)];
  const identity = sha256(
    JSON.stringify([entry.endpoint, entry.model, lines, num_epochs, seed, learning_rate]),
  ).slice(0, 32);
  const path = join(job.checkpoints, "started.json");
  const found = (await exists(path))
    ? startedSchema.safeParse(parseJson(await readText(path))).data
    : undefined;
  const record: StartedRecord = {
    started: found?.identity === identity ? found : { identity },
    write: async (started) => {
      await makeFolder(job.checkpoints);
      await writeFileAtomic(path, JSON.stringify(started));
      record.started = started;
    },
  };
  return record;
}

/** The job's id: of one that was started, or of a new one. */
async function start(
  api: FineTuningApi,
  job: TrainerJob,
  entry: EndpointEntry,
  record: StartedRecord,
): Promise<string> {
  if (record.started.job !== undefined) return record.started.job;
  const { identity } = record.started;
  const findJob = async (): Promise<string | undefined> =>
    (await api.jobs()).find(
      ({ metadata, training_file: file, status }) =>
        !failedStates.has(status) &&
        (metadata?.["lorag"] === identity || (file != null && file === record.started.trainingFile)),
    )?.id;
  // A job may have been asked for by a run that ended before it heard of it.
  let id = await findJob();
  if (id === undefined) {
    if (record.started.trainingFile === undefined)
      await record.write({
        ...record.started,
        trainingFile: await upload(api, `lorag-${identity}-train.jsonl`, linesOf(job.train)),
      });
    if (record.started.validationFile === undefined && job.validation.length > 0)
      await record.write({
        ...record.started,
        validationFile: await upload(api, `lorag-${identity}-validation.jsonl`, linesOf(job.validation)),
      });
    try {
      id = (await api.create(bodyOf(job, entry, record.started))).id;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      // Asked for, and not heard of: looked for before it is asked for again.
      id = (await findJob()) ?? (await api.create(bodyOf(job, entry, record.started))).id;
    }
  }
  await record.write({ ...record.started, job: id });
  return id;
}

/** A file that is there twice costs nothing. */
async function upload(api: FineTuningApi, name: string, lines: string): Promise<string> {
  try {
    return await api.upload(name, lines);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return api.upload(name, lines);
  }
}

function bodyOf({ settings }: TrainerJob, entry: EndpointEntry, started: Started): Record<string, unknown> {
  return {
    model: entry.model,
    training_file: started.trainingFile,
    ...(started.validationFile !== undefined && { validation_file: started.validationFile }),
    seed: settings.seed,
    // Learning rates of other trainers mean other things there: it keeps its own.
    method: {
      type: "supervised",
      supervised: { hyperparameters: { n_epochs: Math.max(1, Math.round(settings.num_epochs)) } },
    },
    metadata: { lorag: started.identity },
  };
}

/** Chats, one a line, as the endpoint takes them. */
function linesOf(examples: readonly Example[]): string {
  return examples
    .map(({ prompt, completion }) =>
      JSON.stringify({ messages: [...prompt, { role: "assistant", content: completion }] }),
    )
    .join("\n");
}

function stepOf({ data }: FineTuningEvent) {
  if (data?.step == null) return undefined;
  return {
    step: data.step,
    steps: data.total_steps ?? data.step,
    train: data.train_loss ?? null,
    validation: data.valid_loss ?? null,
  };
}

async function finish(
  job: TrainerJob,
  entry: EndpointEntry,
  { id, fine_tuned_model: model }: FineTuningJob,
  events: readonly FineTuningEvent[],
): Promise<TrainerResult> {
  if (model == null) throw failed(entry, { id, status: "succeeded, without the name of a model" });
  const losses = events.flatMap((event) => stepOf(event) ?? []);
  const record: TrainingRecord = {
    adapter: model,
    examples: job.train.length,
    steps: losses.at(-1)?.step ?? 0,
    bestStep: null,
    seconds: 0,
    device: "gpu",
    losses: losses.map(({ step, train, validation }) => ({ step, train, validation })),
    retention: null,
  };
  await writeFolderAtomic(job.folder, async (write) => {
    await write(remoteFile, `${JSON.stringify({ endpoint: entry.endpoint, model, job: id }, null, 2)}\n`);
    await write("training.json", `${JSON.stringify(record, null, 2)}\n`);
  });
  return { kind: "remote", model, record };
}

function failed(
  entry: EndpointEntry,
  { id, status, error }: Pick<FineTuningJob, "id" | "status" | "error">,
): LoragError {
  const why = error?.message ? `: ${error.message}` : "";
  return new LoragError({
    code: "LORAG_TRAINING_FAILED",
    kind: "unavailable",
    message: `The job ${id} that tunes ${entry.model} at ${entry.endpoint} is ${status}${why}`,
    next: "Mend what it says and run the command again, which starts a new job.",
  });
}

function interrupted(entry: EndpointEntry, id: string | undefined): LoragError {
  const goes = id === undefined ? "no job was started" : `the job ${id} goes on there`;
  return new LoragError({
    code: "LORAG_INTERRUPTED",
    kind: "interrupted",
    message: `Training at ${entry.endpoint} was left; ${goes}`,
    next:
      "Run the same command again: it takes the job up, and nothing is paid twice." +
      (id === undefined
        ? ""
        : ` To end it instead, POST to ${entry.endpoint.replace(/\/+$/, "")}/fine_tuning/jobs/${id}/cancel.`),
  });
}
