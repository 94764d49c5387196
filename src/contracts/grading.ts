import { z } from "zod";

/** How answers are graded: `grading:` of lorag.yaml, `metadata.grading` of an example, a line of `lorag grade --file`. */
export const gradingModes = ["auto", "exact", "label", "number", "contains", "f1", "judge"] as const;
export type GradingMode = (typeof gradingModes)[number];

const settings = z.strictObject({
  mode: z.enum(gradingModes),
  labels: z.array(z.string().min(1)).min(2).optional(),
  tolerance: z.union([z.number().min(0), z.string().regex(/^\d+(?:\.\d+)?%$/)]).optional(),
  unit: z.string().min(1).optional(),
  at_least: z.number().gt(0).max(1).optional(),
  model: z.string().min(1).optional(),
});

/** What may be written, for people. */
export const gradingForms = `one of ${gradingModes.join(", ")}, or {mode: one of them} with \`labels\`, \`tolerance\` (2 or "5%"), \`unit\`, \`at_least\` or \`model\``;

export const gradingKeys = Object.keys(settings.shape);

export const gradingSchema = z
  .union([z.enum(gradingModes), settings], { error: gradingForms })
  .transform((value): Grading => (typeof value === "string" ? { mode: value } : value));

export interface Grading {
  mode: GradingMode;
  /** Of `label`: all there are. Absent, those of the training examples. */
  labels?: string[] | undefined;
  /** Of `number`: how far off may be right, in the unit, or as a share of the gold (`5%`). */
  tolerance?: number | string | undefined;
  /** Of `number`: what a figure without a unit is in, and others are converted to. */
  unit?: string | undefined;
  /** Of `f1`: the least token F1 that is right; 0.5 if absent. */
  at_least?: number | undefined;
  /** Of `judge`: the model that judges, by a name of `models` or what one may stand for. */
  model?: string | undefined;
}

/** What a judge says of an answer; `error` where it said neither right nor wrong, which counts as wrong. */
export interface JudgeVerdict {
  right: boolean;
  why: string;
  error?: true | undefined;
}
