import { join } from "node:path";
import {
  LoragError,
  type Example,
  type FileStore,
  type FineTuning,
  type FineTuningJob,
  type JobEvent,
  type ServedModel,
} from "../../contracts/index.ts";
import { readExamples } from "../../data/index.ts";
import {
  appendJsonLine,
  createInTurn,
  exists,
  isCompleteFolder,
  makeFolder,
  memorySource,
  readText,
  removePath,
} from "../../platform/index.ts";
import type { Context } from "../context.ts";
import type { Parts } from "../parts.ts";
import { trainingSettings } from "../training-settings.ts";
import { nowSeconds, openRecords } from "./records.ts";

/** Jobs, and the models that they made. */
export interface FineTuningRoom extends FineTuning {
  models(): Promise<(ServedModel & { folder: string })[]>;
  close(): Promise<void>;
}

const isOver = ({ status }: FineTuningJob): boolean => ["succeeded", "failed", "cancelled"].includes(status);

/**
 * Trains adapters of the base model on uploaded files, one job after another. A job that the server's end cut off goes
 * on where it was when the server starts again.
 */
export async function openFineTuning(
  context: Context,
  parts: Parts,
  files: FileStore,
  folder: string,
): Promise<FineTuningRoom> {
  const { config } = context.project;
  const records = openRecords<FineTuningJob>(folder, "ftjob-");
  const inTurn = createInTurn();
  const closing = new AbortController();
  const stops = new Map<string, AbortController>();
  const adapterOf = ({ id }: FineTuningJob): string => join(folder, id, "adapter");
  const eventsOf = ({ id }: FineTuningJob): string => join(folder, id, "events.jsonl");

  const note = async (job: FineTuningJob, event: Omit<JobEvent, "created">): Promise<void> => {
    await makeFolder(join(folder, job.id));
    await appendJsonLine(eventsOf(job), { created: nowSeconds(), ...event });
  };
  const changeInTurn = createInTurn();
  /** The job as it is then: one that is over stays as it is. */
  const update = (job: FineTuningJob, changes: Partial<FineTuningJob>): Promise<FineTuningJob> =>
    changeInTurn(async () => {
      const now = (await records.get(job.owner, job.id)) ?? job;
      if (isOver(now)) return now;
      const changed = { ...now, ...changes };
      const next = { ...changed, ...(isOver(changed) && { finished: nowSeconds() }) };
      await records.put(next);
      return next;
    });

  const read = async (job: FineTuningJob, id: string, param: string): Promise<Example[]> => {
    const file = await files.get(job.owner, id);
    if (!file) throw invalidFile(`The file ${id} is gone`, param);
    try {
      const source = memorySource(await files.read(file), file.filename);
      const { examples } = await readExamples(source, file.filename);
      const single = job.method === "dpo" && examples.find(({ rejected }) => rejected === undefined);
      if (!single) return examples;
      throw invalidFile(
        `The example ${single.id} has no answer that is not preferred, which dpo needs`,
        param,
      );
    } catch (error) {
      if (error instanceof LoragError && error.kind === "data") throw invalidFile(error.message, param);
      throw error;
    }
  };

  const run = async (given: FineTuningJob): Promise<void> => {
    const stop = new AbortController();
    stops.set(given.id, stop);
    const signal = AbortSignal.any([stop.signal, closing.signal]);
    let job = given;
    try {
      if (isOver((await records.get(job.owner, job.id)) ?? job)) return;
      const train = await read(job, job.trainingFile, "training_file");
      const validation = job.validationFile ? await read(job, job.validationFile, "validation_file") : [];
      await note(job, {
        level: "info",
        message: `The files are valid: ${train.length} examples to train on.`,
      });
      job = await update(job, { status: "running" });
      if (isOver(job)) return;
      const method = { method: "lora" as const, ...(job.method === "dpo" && { rl: "dpo" as const }) };
      const { learning_rate: usualRate } = trainingSettings(config, method);
      const settings = trainingSettings(config, {
        ...method,
        ...(job.epochs !== undefined && { num_epochs: job.epochs }),
        ...(job.batchSize !== undefined && {
          gradient_accumulation_steps: 1,
          micro_batch_size: job.batchSize,
        }),
        ...(job.learningRateMultiplier !== undefined && {
          learning_rate: Math.min(1, usualRate * job.learningRateMultiplier),
        }),
      });
      const key = tunedName(job);
      const adapter = {
        key,
        arm: { name: "base", context: "none" as const, answerer: "generate" as const, tuning: {} },
        model: undefined,
        settings: { ...settings, seed: job.seed ?? config.seed },
        examples: key,
        folder: adapterOf(job),
        checkpoints: join(folder, job.id, "checkpoints"),
      };
      const notes: Promise<void>[] = [];
      const record = await parts.train(
        { adapter, examples: { train, validation } },
        {
          ...context,
          signal,
          onProgress: ({ step, done, total, note: figure }) => {
            const loss = Number(/loss (\d+(?:\.\d+)?)/.exec(figure ?? "")?.[1]);
            const data = { step: done, ...(Number.isFinite(loss) && { train_loss: loss }) };
            const of = total === undefined ? "" : ` of ${total}`;
            notes.push(note(job, { level: "info", message: `${step}: ${done}${of}`, data }));
          },
        },
      );
      await Promise.all(notes);
      await removePath(adapter.checkpoints);
      await note(job, { level: "info", message: `The job has succeeded: ${key} answers.` });
      const { tokens } = record as { tokens?: number };
      await update(job, {
        status: "succeeded",
        tunedModel: key,
        ...(tokens !== undefined && { trainedTokens: tokens }),
      });
    } catch (error) {
      // The server ends: the job goes on when it starts again.
      if (closing.signal.aborted) return;
      if (stop.signal.aborted) return;
      const told = asJobError(error);
      if (!(error instanceof LoragError))
        context.warn({ code: "LORAG_JOB", message: `${job.id}: ${String(error)}` });
      await note(job, { level: "error", message: told.message }).catch(() => {});
      await update(job, { status: "failed", error: told }).catch(() => {});
    } finally {
      stops.delete(given.id);
    }
  };
  const enqueue = (job: FineTuningJob): void => void inTurn(() => run(job));

  for (const job of (await records.list()).toReversed()) if (!isOver(job)) enqueue(job);
  return {
    async create(owner, order) {
      const job: FineTuningJob = {
        ...order,
        id: records.newId(),
        owner,
        created: nowSeconds(),
        status: "validating_files",
      };
      await records.put(job);
      await note(job, { level: "info", message: `The job ${job.id} is created; its files are checked.` });
      enqueue(job);
      return job;
    },
    list: (owner) => records.list(owner),
    get: (owner, id) => records.get(owner, id),
    async cancel(job) {
      if (isOver(job)) return job;
      const cancelled = await update(job, { status: "cancelled" });
      stops.get(job.id)?.abort();
      await note(job, { level: "info", message: "The job is cancelled." });
      return cancelled;
    },
    async events(job) {
      if (!(await exists(eventsOf(job)))) return [];
      const lines = (await readText(eventsOf(job))).split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line) as JobEvent);
    },
    async models() {
      const done = (await records.list()).filter(({ status }) => status === "succeeded");
      const models = await Promise.all(
        done.map(async (job) => {
          const folderOf = adapterOf(job);
          if (!(await isCompleteFolder(folderOf, { quick: true }))) return [];
          const { model, owner, created } = job;
          const id = tunedName(job);
          return [
            { id, kind: "adapter" as const, root: model, parent: model, created, owner, folder: folderOf },
          ];
        }),
      );
      return models.flat();
    },
    close: async () => {
      closing.abort();
      await inTurn(async () => {});
    },
  };
}

/** As OpenAI names them: `ft:MODEL:lorag:SUFFIX:ID`. */
const tunedName = ({ model, suffix, id }: FineTuningJob): string =>
  `ft:${model}:lorag:${suffix ?? ""}:${id.slice(-8)}`;

class InvalidFile extends Error {
  readonly param: string;
  constructor(message: string, param: string) {
    super(message);
    this.param = param;
  }
}
const invalidFile = (message: string, param: string): Error => new InvalidFile(message, param);

/** What a client may know of it. */
function asJobError(error: unknown): NonNullable<FineTuningJob["error"]> {
  if (error instanceof InvalidFile) {
    return { code: "invalid_training_file", message: error.message, param: error.param };
  }
  if (error instanceof LoragError) {
    const mayTell = error.kind === "data" || error.kind === "io";
    const message = mayTell
      ? error.message.replaceAll(/(?:\/[\w.@-]+){2,}/g, "a file")
      : "The training failed.";
    return { code: error.code.toLowerCase(), message, param: null };
  }
  return { code: "internal_error", message: "The training failed; the server's log says why.", param: null };
}
