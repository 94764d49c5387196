import { z } from "zod";
import { armEntrySchema, refuseSameArms } from "./arm-entry.ts";
import { retrievalSchema } from "./retrieval-config.ts";
import { trainingBackendSchema, trainingShape } from "./training-config.ts";
import { gradingSchema } from "./grading.ts";
import { modelsSchema } from "./models.ts";
import { languageCodes } from "./language.ts";
import { datasetSchema } from "./datasets.ts";
import { sourceSchema } from "./sources-config.ts";

/**
 * `lorag.yaml`. Training keys carry the names of Axolotl and PEFT. Every key has a default; `describe` is the
 * text of docs/configuration.md. Paths are relative to the folder of the file.
 */

const path = z
  .string()
  .min(1)
  .refine((value) => !value.includes("\0"), { error: "no path can hold a NUL byte" });

const share = z.number().min(0).max(1);
const count = z.int().min(1);
const price = z.number().min(0);

const parsing = z.strictObject({
  passwords: z
    .array(z.string().min(1))
    .default([])
    .describe("Tried in turn on documents that are encrypted (PDF, Office)."),
  ocr: z
    .array(
      z.string().regex(/^[a-z]{3}(?:_[a-z]+)*$/, { error: "a language by Tesseract's name, as eng or deu" }),
    )
    .default([])
    .describe(
      "Languages in which scanned pages of PDFs are read, by Tesseract's names (`eng`, `deu`). Needs `npm install tesseract.js @tesseract.js-data/eng`; without a language, a scan is left out and told.",
    ),
  hidden_text: z
    .enum(["drop", "keep"])
    .default("drop")
    .describe(
      "Text that a document hides from its readers (`display: none`, white on white, hidden sheets): left out and told by `lorag documents`, or kept.",
    ),
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
      "Most that a run may pay for models with prices per token, in their currency. A run that could pass it stops once the arms that cost nothing have answered, and goes on from there when it is raised.",
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
  sources: z
    .array(sourceSchema)
    .default([])
    .describe(
      "Documents that lie elsewhere: pages, sitemaps, rows of a database, objects of a bucket. Nothing is fetched that is not listed here.",
    ),
  parsing: parsing.prefault({}).describe("How documents are read."),
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
    .array(armEntrySchema)
    .min(1)
    .superRefine(refuseSameArms)
    .default(["base", "rag", "tuned", "tuned-rag"])
    .describe(
      "The contenders to compare: presets by name, or sections that begin with a preset and say what is different.",
    ),
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
    .refine(({ mode, model }) => mode !== "judge" || model !== undefined, {
      error: "`judge` needs a model that judges: {mode: judge, model: NAME}",
    })
    .prefault("auto")
    .describe(
      "How answers are graded: `auto`, `exact`, `label`, `number`, `contains`, `f1`, `judge`; with settings, `{mode: number, tolerance: 5%, unit: km}`, `{mode: judge, model: NAME}`. An example's own is its `metadata.grading` (grading.md).",
    ),
  glossary: path
    .optional()
    .describe(
      "File of terms (CSV, TSV, XLSX, TBX, TMX, DeepL, Google, FreeDict TEI) for the arms that say `glossary: true`.",
    ),
  max_new_tokens: count.max(1024).default(64).describe("Longest answer, in tokens."),

  retrieval: retrievalSchema.prefault({}).describe("How passages are found."),

  training: trainingBackendSchema.prefault({}).describe("Where tuned arms are trained."),
  ...trainingShape,
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .describe("Of splits, shuffles, adapter and sampling."),

  training_seeds: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe(
      "Trainings of each tuned arm, with `seed` and the numbers after it. One says nothing of the luck of a training; three or more let the interval count it.",
    ),

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
