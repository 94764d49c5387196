import { z } from "zod";
import { gradingSchema } from "./grading.ts";
import { armNames } from "./arm.ts";
import { modelsSchema } from "./models.ts";
import { languageCodes } from "./language.ts";
import { datasetSchema } from "./datasets.ts";

/**
 * `lorag.yaml`. Training keys carry the names of Axolotl and PEFT. Every key has a default; `describe` is the
 * text of docs/configuration.md. Paths are relative to the folder of the file.
 */

/** The projections of a llama block that LoRA can sit on, by PEFT's names. */
export const loraTargets = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
] as const;

const path = z
  .string()
  .min(1)
  .refine((value) => !value.includes("\0"), { error: "no path can hold a NUL byte" });

/** What is listed twice was most likely meant to be another. */
function refuseTwice(list: string[], context: z.RefinementCtx): void {
  for (const [index, value] of list.entries()) {
    if (list.indexOf(value) < index) {
      context.addIssue({ code: "custom", path: [index], message: "listed a second time" });
    }
  }
}

const share = z.number().min(0).max(1);
const count = z.int().min(1);
const price = z.number().min(0);

const retrieval = z.strictObject({
  mode: z
    .enum(["hybrid", "vector", "bm25"])
    .default("hybrid")
    .describe("How passages are searched. `hybrid` fuses both lists by reciprocal rank."),
  top_k: count
    .max(20)
    .default(3)
    .describe("Passages shown to the model. More find more and cost prompt tokens and time."),
  chunk_tokens: z
    .int()
    .min(32)
    .max(512)
    .default(128)
    .describe("Largest passage, in tokens of the embedding model, its headings included."),
});

const raft = z.strictObject({
  distractors: z
    .int()
    .min(0)
    .max(19)
    .default(2)
    .describe(
      "Near misses shown beside the golden passage when `tuned-rag` is trained; fewer where the example would not fit into `sequence_len`.",
    ),
  golden_share: share
    .default(0.9)
    .describe(
      "Share of training examples that see their golden passage. The rest see distractors only and learn `abstain_answer`.",
    ),
});

const prices = z
  .strictObject({
    cpu_hour: price
      .default(0.05)
      .describe("An hour of this machine. Training and answering are charged by it."),
    input_mtok: price
      .optional()
      .describe(
        "A million prompt tokens. With `output_mtok`, answers are priced by token instead of by hour.",
      ),
    output_mtok: price.optional().describe("A million generated tokens."),
    currency: z.string().min(1).max(8).default("USD").describe("Printed beside every price."),
  })
  .refine((value) => (value.input_mtok === undefined) === (value.output_mtok === undefined), {
    message: "input_mtok and output_mtok go together",
  });

export const configSchema = z.strictObject({
  base_model: path
    .default("HuggingFaceTB/SmolLM2-135M-Instruct")
    .describe("Model that answers: a name in `models`, a hub name, or a local folder or GGUF file."),
  embedding_model: path
    .default("sentence-transformers/all-MiniLM-L6-v2")
    .describe("Model that embeds passages and questions: a name in `models`, a hub name, or a local folder."),
  models: modelsSchema
    .default({})
    .describe(
      "Names for models: `NAME: hub name, folder or GGUF file`, or, for a model behind OpenAI's API (Ollama, llama.cpp's server, vLLM, LM Studio, OpenAI, Azure, OpenRouter), a section of these keys.",
    ),
  budget: price
    .optional()
    .describe(
      "Most that a run may pay for models with prices per token, in their currency. A run that could pass it stops, and goes on from there once it is raised.",
    ),
  arithmetic: z
    .enum(["int8", "f32"])
    .default("int8")
    .describe("Numbers of the frozen base. `int8` by row is about twice as fast as `f32`."),

  language: z
    .enum(["auto", ...languageCodes])
    .default("auto")
    .describe(
      "Of the documents, ISO 639-1: how their words are told apart and brought to their stems. `auto` detects it, passage by passage.",
    ),
  documents: path.default("documents").describe("Folder of documents, read with its subfolders."),
  datasets: z
    .array(datasetSchema)
    .default([{ path: "examples.jsonl" }])
    .describe("Questions with gold answers, to train on. May be empty where no arm is tuned."),
  test_datasets: z
    .array(datasetSchema)
    .default([])
    .describe(
      "Held-out questions, the same for every arm. Empty: `test_set_size` are held out of `datasets`.",
    ),
  test_set_size: z
    .number()
    .min(0)
    .default(0.2)
    .describe("Share (below 1) or number of examples held out when `test_datasets` is empty."),
  split_by: z
    .enum(["type", "random", "group", "time"])
    .default("type")
    .describe(
      "How examples are held out: `type` takes each type's share, `random` any, `group` keeps together what has one value of `split_key`, `time` takes the newest by it.",
    ),
  split_key: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Key of `metadata` that `group` or `time` go by (`customer`, `date`); `documents` is the first document.",
    ),
  splits: path
    .optional()
    .describe("A split that `lorag data split` wrote; the parts are then those, and no other key decides."),
  val_set_size: z
    .number()
    .min(0)
    .default(0.1)
    .describe("Share (below 1) or number of training examples kept for validation during training."),

  arms: z
    .array(z.enum(armNames))
    .min(1)
    .superRefine(refuseTwice)
    .default([...armNames])
    .describe("The contenders to compare."),
  system_prompt: z
    .string()
    .min(1)
    .default("You answer questions about the organisation's documents. Answer briefly and exactly.")
    .describe("System message of every arm, and of every training example that has none of its own."),
  abstain_answer: z
    .string()
    .min(1)
    .default("I cannot answer that from the documents.")
    .describe("What an arm says when the answer cannot be supported."),
  grading: gradingSchema
    .prefault("auto")
    .describe(
      "How answers are graded: `auto`, `exact`, `label`, `number`, `contains`, `f1`; with settings, `{mode: number, tolerance: 5%, unit: km}`. An example's own is its `metadata.grading` (grading.md).",
    ),
  max_new_tokens: count.max(1024).default(64).describe("Longest answer, in tokens."),

  retrieval: retrieval.prefault({}).describe("How passages are found."),

  adapter: z.enum(["lora"]).default("lora").describe("How the model is tuned."),
  lora_r: count.max(256).default(8).describe("Rank of the adapter."),
  lora_alpha: z.number().positive().default(16).describe("The adapter is scaled by `lora_alpha / lora_r`."),
  lora_dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe("Dropout on the adapter's input, in training only."),
  lora_target_linear: z
    .boolean()
    .default(true)
    .describe("Tune every linear layer of the blocks; false: `q_proj` and `v_proj` alone."),
  lora_target_modules: z
    .array(z.enum(loraTargets))
    .min(1)
    .superRefine(refuseTwice)
    .optional()
    .describe("Tune these layers only; overrides `lora_target_linear`."),
  learning_rate: z
    .number()
    .positive()
    .max(1)
    .default(5e-4)
    .describe("Highest learning rate of the schedule."),
  lr_scheduler: z
    .enum(["cosine", "linear", "constant"])
    .default("cosine")
    .describe("Shape after the warm-up."),
  warmup_ratio: share.default(0.05).describe("Share of the steps that the warm-up takes."),
  num_epochs: z.number().positive().max(1000).default(3).describe("Passes over the training examples."),
  max_steps: count
    .max(1_000_000)
    .optional()
    .describe(
      "Most optimizer steps. Training ends after `num_epochs`, or after these steps where they come first; the schedule is spread over the steps that are taken.",
    ),
  micro_batch_size: count
    .max(256)
    .default(4)
    .describe(
      "Most rows of `sequence_len` tokens in one forward pass; short examples make smaller batches, of about 16.",
    ),
  gradient_accumulation_steps: count
    .max(1024)
    .default(1)
    .describe("Forward passes for one optimizer step. More make larger batches."),
  sequence_len: z
    .int()
    .min(64)
    .max(8192)
    .default(512)
    .describe("Tokens in a packed row, and so the longest example."),
  weight_decay: z.number().min(0).max(1).default(0).describe("Decoupled decay of AdamW."),
  max_grad_norm: z.number().min(0).default(1).describe("Gradients are clipped to this norm; 0 turns it off."),
  evals_per_epoch: count.max(100).default(1).describe("Validations, with a checkpoint each, in every epoch."),
  early_stopping_patience: z
    .int()
    .min(0)
    .default(3)
    .describe("Validations without improvement before training stops; 0 turns it off."),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .describe("Of splits, shuffles, adapter and sampling."),

  raft: raft.prefault({}).describe("Training with retrieved passages (RAFT), for `tuned-rag`."),
  prices: prices.prefault({}).describe("What time and tokens cost."),
  output_dir: path
    .default(".lorag")
    .describe(
      "Where the index, adapters, answers and reports are kept. Safe to delete; it costs a full run.",
    ),
});

/** A checked `lorag.yaml`, defaults filled in. */
export type Config = z.output<typeof configSchema>;

/** What an empty `lorag.yaml` says. */
export const defaultConfig: Config = configSchema.parse({});
