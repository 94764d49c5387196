import { z } from "zod";

/** What routes answer with, for /openapi.json. Further fields may stand beside those that are named. */

const seconds = z.int();
const object = <Name extends string>(name: Name) => z.literal(name);
export const listOf = (item: z.ZodType) =>
  z.looseObject({
    object: object("list"),
    data: z.array(item),
    first_id: z.string().nullable().optional(),
    last_id: z.string().nullable().optional(),
    has_more: z.boolean().optional(),
  });
export const deletedOf = (name: string) =>
  z.looseObject({ id: z.string(), object: z.literal(name), deleted: z.literal(true) });

export const statusReply = z.looseObject({ status: z.string() });

export const modelReply = z.looseObject({
  id: z.string(),
  object: object("model"),
  created: seconds,
  owned_by: z.string(),
  root: z.string().optional(),
  parent: z.string().optional(),
});

const annotation = z.looseObject({
  type: object("file_citation"),
  file_id: z.string(),
  filename: z.string(),
  index: z.int().min(0),
});
const usage = z.looseObject({
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  total_tokens: z.int().min(0),
});
const finishReason = z.enum(["stop", "length"]);

export const chatReply = z.looseObject({
  id: z.string(),
  object: object("chat.completion"),
  created: seconds,
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      message: z.looseObject({
        role: object("assistant"),
        content: z.string(),
        refusal: z.null(),
        annotations: z.array(annotation),
      }),
      logprobs: z.looseObject({ content: z.array(z.looseObject({ token: z.string() })) }).nullable(),
      finish_reason: finishReason,
    }),
  ),
  usage,
});

export const completionReply = z.looseObject({
  id: z.string(),
  object: object("text_completion"),
  created: seconds,
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      text: z.string(),
      logprobs: z.looseObject({ tokens: z.array(z.string()) }).nullable(),
      finish_reason: finishReason,
    }),
  ),
  usage,
});

export const responseReply = z.looseObject({
  id: z.string(),
  object: object("response"),
  created_at: seconds,
  model: z.string(),
  status: z.enum(["completed", "incomplete"]),
  output: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  usage: z.looseObject({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int() }),
});

export const embeddingReply = z.looseObject({
  object: object("list"),
  data: z.array(
    z.looseObject({
      object: object("embedding"),
      index: z.int(),
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  model: z.string(),
  usage: z.looseObject({ prompt_tokens: z.int(), total_tokens: z.int() }),
});

export const rerankReply = z.looseObject({
  model: z.string(),
  results: z.array(z.looseObject({ index: z.int(), relevance_score: z.number() })),
});

export const fileReply = z.looseObject({
  id: z.string(),
  object: object("file"),
  bytes: z.int(),
  created_at: seconds,
  filename: z.string(),
  purpose: z.string(),
  status: object("processed"),
});

const counts = z.looseObject({
  in_progress: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  total: z.int(),
});
export const storeReply = z.looseObject({
  id: z.string(),
  object: object("vector_store"),
  created_at: seconds,
  name: z.string(),
  usage_bytes: z.int(),
  file_counts: counts,
  status: z.enum(["in_progress", "completed"]),
});
export const storeFileReply = z.looseObject({
  id: z.string(),
  object: object("vector_store.file"),
  created_at: seconds,
  vector_store_id: z.string(),
  status: z.enum(["in_progress", "completed", "failed"]),
  last_error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
});
export const fileBatchReply = z.looseObject({
  id: z.string(),
  object: object("vector_store.files_batch"),
  vector_store_id: z.string(),
  status: z.enum(["in_progress", "completed"]),
  file_counts: counts,
});
export const searchReply = z.looseObject({
  object: object("vector_store.search_results.page"),
  search_query: z.array(z.string()),
  data: z.array(
    z.looseObject({
      file_id: z.string(),
      filename: z.string(),
      score: z.number(),
      content: z.array(z.looseObject({ type: object("text"), text: z.string() })),
    }),
  ),
  has_more: z.boolean(),
});

export const jobReply = z.looseObject({
  id: z.string(),
  object: object("fine_tuning.job"),
  created_at: seconds,
  finished_at: seconds.nullable(),
  model: z.string(),
  fine_tuned_model: z.string().nullable(),
  status: z.enum(["validating_files", "queued", "running", "succeeded", "failed", "cancelled"]),
  training_file: z.string(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
});
export const jobEventReply = z.looseObject({
  id: z.string(),
  object: object("fine_tuning.job.event"),
  created_at: seconds,
  level: z.string(),
  message: z.string(),
});
export const checkpointReply = z.looseObject({
  id: z.string(),
  object: object("fine_tuning.job.checkpoint"),
  fine_tuned_model_checkpoint: z.string(),
  fine_tuning_job_id: z.string(),
});
