import { z } from "zod";
import type { FineTuningJob, Storage } from "../../contracts/index.ts";
import { ApiError } from "../api-error.ts";
import { page } from "../page.ts";
import { route, type Call, type Route, type ServerParts } from "../route.ts";
import { findFile } from "./files.ts";
import { wrongKind } from "./generation.ts";
import { checkpointReply, jobEventReply, jobReply, listOf } from "../replies.ts";

const chosen = <Type extends z.ZodType>(type: Type) => z.union([z.literal("auto"), type]).nullish();
const hyperparameters = z.looseObject({
  n_epochs: chosen(z.int().min(1).max(50)),
  batch_size: chosen(z.int().min(1).max(256)),
  learning_rate_multiplier: chosen(z.number().gt(0).max(100)),
});
const jobBody = z.looseObject({
  model: z.string(),
  training_file: z.string(),
  validation_file: z.string().nullish(),
  suffix: z
    .string()
    .regex(/^[a-zA-Z0-9-]{1,64}$/, "must be letters, digits and `-`, 64 at most")
    .nullish(),
  seed: z.int().min(0).max(2_147_483_647).nullish(),
  hyperparameters: hyperparameters.nullish(),
  method: z
    .looseObject({
      type: z.enum(["supervised", "dpo"]),
      supervised: z.looseObject({ hyperparameters: hyperparameters.nullish() }).nullish(),
      dpo: z.looseObject({ hyperparameters: hyperparameters.nullish() }).nullish(),
    })
    .nullish(),
});

export function fineTuningRoutes({ findModel }: ServerParts, { files, jobs }: Storage): Route[] {
  const find = async ({ key, params }: Call): Promise<FineTuningJob> => {
    const id = params["id"]!;
    const found = await jobs.get(key.name, id);
    if (found) return found;
    throw new ApiError(
      404,
      "job_not_found",
      `There is no fine-tuning job ${JSON.stringify(id.slice(0, 100))} here.`,
    );
  };
  return [
    route({
      method: "POST",
      path: "/v1/fine_tuning/jobs",
      summary: "Begins to fine-tune the base model on a file",
      returns: jobReply,
      body: jobBody,
      handle: async ({ body, key }) => {
        const { kind } = await findModel(body.model, key);
        if (kind !== "base") throw wrongKind(body.model, "cannot be fine-tuned: name the base model");
        await findFile(files, key.name, body.training_file, "training_file");
        if (body.validation_file) await findFile(files, key.name, body.validation_file, "validation_file");
        const { method } = body;
        const given = (method && method[method.type]?.hyperparameters) ?? body.hyperparameters ?? {};
        const set = (value: number | "auto" | null | undefined) =>
          typeof value === "number" ? value : undefined;
        const job = await jobs.create(key.name, {
          model: body.model,
          trainingFile: body.training_file,
          validationFile: body.validation_file ?? undefined,
          suffix: body.suffix ?? undefined,
          seed: body.seed ?? undefined,
          method: method?.type ?? "supervised",
          epochs: set(given.n_epochs),
          batchSize: set(given.batch_size),
          learningRateMultiplier: set(given.learning_rate_multiplier),
        });
        return Response.json(describeJob(job));
      },
    }),
    {
      method: "GET",
      path: "/v1/fine_tuning/jobs",
      summary: "The fine-tuning jobs, newest first",
      returns: listOf(jobReply),
      handle: async ({ key, query }) => page((await jobs.list(key.name)).map(describeJob), query),
    },
    {
      method: "GET",
      path: "/v1/fine_tuning/jobs/{id}",
      summary: "One job",
      returns: jobReply,
      handle: async (call) => Response.json(describeJob(await find(call))),
    },
    {
      method: "POST",
      path: "/v1/fine_tuning/jobs/{id}/cancel",
      summary: "Ends a job",
      returns: jobReply,
      handle: async (call) => {
        const job = await find(call);
        const isOver = job.status === "succeeded" || job.status === "failed";
        if (!isOver) return Response.json(describeJob(await jobs.cancel(job)));
        const message = `The job ${job.id} has ${job.status} already: there is nothing to cancel.`;
        throw new ApiError(400, "job_is_over", message);
      },
    },
    {
      method: "GET",
      path: "/v1/fine_tuning/jobs/{id}/events",
      summary: "What happened in a job, newest first",
      returns: listOf(jobEventReply),
      handle: async (call) => {
        const job = await find(call);
        const events = (await jobs.events(job)).map(({ created, level, message, data }, index) => ({
          id: `ftevent-${job.id.slice("ftjob-".length)}-${index}`,
          object: "fine_tuning.job.event",
          created_at: created,
          level,
          message,
          type: data ? "metrics" : "message",
          data: data ?? {},
        }));
        return page(events.toReversed(), call.query);
      },
    },
    {
      method: "GET",
      path: "/v1/fine_tuning/jobs/{id}/checkpoints",
      summary: "The states of a job's model that answer: one, when it has succeeded",
      returns: listOf(checkpointReply),
      handle: async (call) => {
        const job = await find(call);
        const events = await jobs.events(job);
        const last = events.findLast(({ data }) => data?.["step"] !== undefined)?.data;
        const checkpoint = {
          id: `ftckpt-${job.id.slice("ftjob-".length)}`,
          object: "fine_tuning.job.checkpoint",
          created_at: job.finished ?? job.created,
          fine_tuned_model_checkpoint: job.tunedModel ?? "",
          fine_tuning_job_id: job.id,
          step_number: last?.["step"] ?? 0,
          metrics: last ?? {},
        };
        return page(job.status === "succeeded" ? [checkpoint] : [], call.query);
      },
    },
  ];
}

function describeJob(job: FineTuningJob): { id: string } {
  const hyper = {
    n_epochs: job.epochs ?? "auto",
    batch_size: job.batchSize ?? "auto",
    learning_rate_multiplier: job.learningRateMultiplier ?? "auto",
  };
  const told = {
    id: job.id,
    object: "fine_tuning.job",
    created_at: job.created,
    finished_at: job.finished ?? null,
    model: job.model,
    fine_tuned_model: job.tunedModel ?? null,
    organization_id: "lorag",
    status: job.status,
    training_file: job.trainingFile,
    validation_file: job.validationFile ?? null,
    result_files: [],
    trained_tokens: job.trainedTokens ?? null,
    error: job.error ?? null,
    seed: job.seed ?? 0,
    user_provided_suffix: job.suffix ?? null,
    hyperparameters: hyper,
    method: { type: job.method, [job.method]: { hyperparameters: hyper } },
    estimated_finish: null,
    integrations: [],
  };
  return told;
}
