import { z } from "zod";

/** The keys of lorag.yaml that say how an adapter is trained, by the names of Axolotl and PEFT. */

/** The projections of a block that LoRA can sit on, by PEFT's names. */
const loraTargets = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
  // Of models that keep several in one, as Phi 3.
  "qkv_proj",
  "gate_up_proj",
] as const;

/** What is listed twice was most likely meant to be another. */
function refuseTwice(list: string[], context: z.RefinementCtx): void {
  for (const [index, value] of list.entries()) {
    if (list.indexOf(value) < index) {
      context.addIssue({ code: "custom", path: [index], message: `\`${value}\` is listed a second time` });
    }
  }
}

/** What of a model is trained. */
export const methodNames = ["lora", "dora", "full", "head", "embedder"] as const;
export type MethodName = (typeof methodNames)[number];

/** What a head learns, by transformers' names. */
export const problemTypes = [
  "single_label_classification",
  "multi_label_classification",
  "regression",
] as const;
export type ProblemType = (typeof problemTypes)[number];

const share = z.number().min(0).max(1);
const count = z.int().min(1);

export const trainingShape = {
  method: z
    .enum(methodNames)
    .default("lora")
    .describe(
      "What is trained: `lora`, a low-rank adapter; `dora`, one with magnitudes; `full`, the weights themselves; `head`, a new layer that gives labels or numbers (`answerer: classify`); `embedder`, the embedding model, so that the arm finds better passages.",
    ),
  rl: z
    .enum(["dpo"])
    .optional()
    .describe(
      "`dpo`: learn from preference pairs, the examples with a rejected answer, which of two answers is better.",
    ),
  rl_beta: z
    .number()
    .positive()
    .max(10)
    .default(0.1)
    .describe("How close DPO keeps to the untuned model: less lets it go further."),
  problem_type: z
    .enum(problemTypes)
    .default("single_label_classification")
    .describe("Of a head: one label, several parted by `;`, or a number."),
  freeze_base: z
    .boolean()
    .default(true)
    .describe("Of a head: the model under it stays as it is; false: LoRA tunes it along with the head."),
  freeze_trainable_layers: count
    .max(1024)
    .optional()
    .describe("Of `full`: train the last so many blocks alone; all weights by default."),
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
  peft_layers_to_transform: z
    .array(z.int().min(0))
    .min(1)
    .optional()
    .describe("Tune these layers only, counted from 0; all of them by default."),
  peft_use_rslora: z
    .boolean()
    .default(false)
    .describe("Scale the adapter by `lora_alpha / sqrt(lora_r)`, for high ranks (rsLoRA)."),
  loraplus_lr_ratio: z
    .number()
    .positive()
    .max(1000)
    .optional()
    .describe("How many times faster the adapter's B matrices learn than its A matrices (LoRA+, about 16)."),
  learning_rate: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      "Highest learning rate of the schedule. By default 5e-4; of `full` 5e-5; of a head on a frozen model 1e-2, with LoRA 1e-3; of `embedder` 2e-4; of DPO 1e-5, and with `full` 1e-6 (tuning.md).",
    ),
  head_learning_rate: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      "Of a head with `freeze_base: false`: that of the new layer, while `learning_rate` is that of LoRA under it. By default the same: the layer has been trained on the frozen model before.",
    ),
  lr_scheduler: z
    .enum(["cosine", "linear", "constant"])
    .default("cosine")
    .describe("Shape after the warm-up."),
  warmup_ratio: share.default(0.05).describe("Share of the steps that the warm-up takes."),
  num_epochs: z
    .number()
    .positive()
    .max(1000)
    .optional()
    .describe("Passes over the training examples. By default 3; of a head on a frozen model 16; of DPO 1."),
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
  weight_decay: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Decoupled decay of AdamW, on matrices alone: norms and biases keep their size."),
  label_smoothing_factor: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe(
      "Share of the target that is spread over all tokens, or labels of a head with one label, in training; of DPO the share of pairs taken to be the wrong way round.",
    ),
  max_grad_norm: z.number().min(0).default(1).describe("Gradients are clipped to this norm; 0 turns it off."),
  evals_per_epoch: count.max(100).default(1).describe("Validations, with a checkpoint each, in every epoch."),
  early_stopping_patience: z
    .int()
    .min(0)
    .default(3)
    .describe("Validations without improvement before training stops; 0 turns it off."),
};

/** Where adapters are trained: the section `training` of lorag.yaml. */
export const trainingBackendSchema = z.strictObject({
  backend: z
    .enum(["local", "openai", "trl"])
    .default("local")
    .describe(
      "Where tuned arms are trained: `local` by this engine; `openai` by the fine-tuning API of the endpoint that the arm's model is behind, which then answers for the arm; `trl` by TRL and PEFT under `accelerate launch`, on one or several machines.",
    ),
  launcher: z
    .enum(["run", "slurm", "kubernetes"])
    .default("run")
    .describe(
      "Of `trl`: `run` starts the job; `slurm` and `kubernetes` write a script or a Job to submit, and wait for what comes of it.",
    ),
  python: z
    .string()
    .min(1)
    .optional()
    .describe("Of `trl`: a Python that has TRL; by default that of `lorag doctor --setup trl`."),
  processes: z.int().min(1).max(64).default(1).describe("Of `trl`: processes on each machine, one a GPU."),
  hosts: z
    .array(z.string().regex(/^[\w.@-]+$/, "must be a name that ssh knows, such as user@host"))
    .default([])
    .describe(
      "Of `trl` with `run`: machines to start it on over ssh, which see the project's folder under the same path; this one by default.",
    ),
  nodes: z.int().min(1).max(1024).default(1).describe("Of `trl` with `slurm`: machines."),
  accelerate: z
    .string()
    .min(1)
    .optional()
    .describe("Of `trl`: a configuration file of accelerate, for FSDP, DeepSpeed or mixed precision."),
});

export type TrainingBackend = z.output<typeof trainingBackendSchema>;

/** The training keys, checked. */
export type TrainingKeys = z.output<z.ZodObject<typeof trainingShape>>;

/**
 * What the keys are that hang on the method. Of what is pre-trained the whole takes a lower rate than an adapter on it, and a
 * preference a lower one than an answer; docs/tuning.md has the sources.
 */
export function trainingDefaults({
  method,
  rl,
  freeze_base,
}: Pick<TrainingKeys, "method" | "rl" | "freeze_base">): {
  learning_rate: number;
  num_epochs: number;
  head_learning_rate?: number;
} {
  if (rl === "dpo") return { learning_rate: method === "full" ? 1e-6 : 1e-5, num_epochs: 1 };
  if (method === "embedder") return { learning_rate: 2e-4, num_epochs: 3 };
  if (method === "full") return { learning_rate: 5e-5, num_epochs: 3 };
  if (method === "head" && freeze_base) return { learning_rate: 1e-2, num_epochs: 16 };
  if (method === "head") return { learning_rate: 1e-3, num_epochs: 3 };
  return { learning_rate: 5e-4, num_epochs: 3 };
}
