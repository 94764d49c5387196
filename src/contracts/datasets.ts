import { z } from "zod";

/** What the rows of a file of examples look like, by Axolotl's and TRL's names. */
export const rowTypeNames = [
  "preference",
  "chat_template",
  "sharegpt",
  "prompt_completion",
  "alpaca",
  "question_answer",
] as const;
export type RowTypeName = (typeof rowTypeNames)[number];

/** How a file of examples is written. */
export const fileFormatNames = ["parquet", "xlsx", "json", "jsonl", "csv", "text"] as const;
export type FileFormatName = (typeof fileFormatNames)[number];

const column = z.string().min(1).optional();

/** A file of examples, as `lorag.yaml` names it. Besides `path`, all of it is recognised by the content. */
export const datasetSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .refine((value) => !value.includes("\0"), { error: "no path can hold a NUL byte" })
    .describe("File of examples; examples.md lists the formats."),
  type: z
    .enum(rowTypeNames)
    .optional()
    .describe("What its rows look like, where that is not recognised by itself."),
  ds_type: z.enum(fileFormatNames).optional().describe("How the file is written, likewise."),
  name: column.describe("Sheet of a workbook; the first by default."),
  field_instruction: column.describe("Column that holds the question."),
  field_output: column.describe("Column that holds the answer."),
  field_input: column.describe("Column whose text stands below the question."),
  field_system: column.describe("Column that holds a system message."),
  field_messages: column.describe("Column that holds a list of messages."),
  field_chosen: column.describe("Column that holds the better answer of a pair."),
  field_rejected: column.describe("Column that holds the worse one."),
  field_id: column.describe("Column that holds an id."),
  field_type: column.describe("Column that holds the label for the breakdown by type."),
  field_documents: column.describe("Column that names the documents, parted by semicolons."),
});
export type Dataset = z.output<typeof datasetSchema>;
