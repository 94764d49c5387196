import { z } from "zod";
import { contextNames, answererNames, type ArmSpec } from "./arm.ts";
import { retrievalSchema } from "./retrieval-config.ts";
import { trainingShape } from "./training-config.ts";
import { withoutDefaults } from "./without-defaults.ts";

/** Contenders by name, for `arms` of lorag.yaml: a new one is a row here. */
export const armPresets = {
  base: { context: "none", answerer: "generate" },
  rag: { context: "passages", answerer: "generate" },
  "graph-rag": { context: "graph", answerer: "generate" },
  tuned: { context: "none", answerer: "generate", tuning: {} },
  "tuned-rag": { context: "passages", answerer: "generate", tuning: {} },
  "few-shot": { context: "none", answerer: "generate", examples: 4 },
  "few-shot-rag": { context: "passages", answerer: "generate", examples: 4 },
  quote: { context: "passages", answerer: "quote" },
  head: { context: "none", answerer: "classify", tuning: { method: "head" } },
} as const satisfies Record<string, Omit<ArmSpec, "name">>;

export type ArmPreset = keyof typeof armPresets;
export const armPresetNames = Object.keys(armPresets) as [ArmPreset, ...ArmPreset[]];

const preset = z.enum(armPresetNames);

const armSection = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
      error: "must be lower-case letters, digits, `.`, `_` and `-`, 64 at most",
    })
    .describe("Its name in results, files and `--arm`."),
  preset: preset.default("base").describe("What it is but for the keys beside this one."),
  model: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A name of `models`, a hub name, folder or GGUF file, in place of `base_model`; of an arm that classifies in place of `embedding_model`.",
    ),
  context: z.enum(contextNames).optional().describe("What is shown around the question."),
  answerer: z.enum(answererNames).optional().describe("How the answer is made."),
  examples: z
    .int()
    .min(0)
    .max(32)
    .optional()
    .describe("Training examples most like the question, shown as earlier turns."),
  tuning: withoutDefaults(trainingShape)
    .optional()
    .describe("The model is tuned: training keys that differ from the project's, or `{}`."),
  adapter: z
    .string()
    .min(1)
    .optional()
    .describe("A PEFT folder that `lorag import` brought in, in place of training here."),
  retrieval: withoutDefaults(retrievalSchema.shape)
    .optional()
    .describe("Keys of `retrieval` that differ from the project's."),
  embedding_model: z.string().min(1).optional().describe("In place of the project's."),
  grounded: z
    .boolean()
    .optional()
    .describe(
      "Whether a figure, code, date or proper name of an answer from passages can only be one that they or the question hold; `true` by default. Local models only.",
    ),
  glossary: z
    .union([z.boolean(), z.literal("random")])
    .optional()
    .describe(
      "Whether the terms of `glossary` that a question has are shown to the model and checked in its answer; `random` shows as many others, as a control.",
    ),
  system_prompt: z.string().min(1).optional().describe("In place of the project's."),
  baseline: z.string().optional().describe("The arm that it is tested against, besides the best one."),
});

export const armSectionKeys = Object.keys(armSection.shape);

/** An entry of `arms`: a preset's name, or a section. */
export const armEntrySchema = z.union([
  preset,
  armSection.refine(({ adapter, tuning }) => adapter === undefined || tuning === undefined, {
    path: ["tuning"],
    error: "an arm with an `adapter` from elsewhere is not tuned here: leave out one of the two",
  }),
]);
export type ArmEntry = z.output<typeof armEntrySchema>;

export const nameOfArm = (entry: ArmEntry): string => (typeof entry === "string" ? entry : entry.name);

/** Answers and results are kept by name. */
export function refuseSameArms(entries: ArmEntry[], context: z.RefinementCtx): void {
  const names = entries.map(nameOfArm);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) {
      const path = typeof entries[index] === "string" ? [index] : [index, "name"];
      context.addIssue({ code: "custom", path, message: `\`${names[index]}\` is listed a second time` });
    }
  }
}

/** What an entry stands for. */
export function armSpec(entry: ArmEntry): ArmSpec {
  if (typeof entry === "string") return { name: entry, ...armPresets[entry] };
  const { preset: like, system_prompt, embedding_model, glossary, tuning, ...changes } = entry;
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const { tuning: presetTuning, ...plain }: Omit<ArmSpec, "name"> = armPresets[like];
  return {
    ...plain,
    ...((tuning || presetTuning) &&
      entry.adapter === undefined && { tuning: { ...presetTuning, ...tuning } }),
    ...(given as Omit<ArmSpec, "context" | "answerer">),
    ...(glossary && { glossary: glossary === true ? ("terms" as const) : glossary }),
    ...(system_prompt !== undefined && { systemPrompt: system_prompt }),
    ...(embedding_model !== undefined && { embeddingModel: embedding_model }),
  };
}
