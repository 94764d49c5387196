import { z } from "zod";

/** `models:` of lorag.yaml: names for the models that arms and questions may use. */

const address = z
  .string()
  .refine(
    (text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      return url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password === "";
    },
    { error: "an address that begins with http:// or https:// and holds no user name or password" },
  )
  .describe(
    "Address that `/chat/completions` and `/embeddings` are added to, `/v1` included where the server has it.",
  );

const price = z.number().min(0);

export const endpointSchema = z
  .strictObject({
    endpoint: address,
    model: z.string().min(1).describe("The model's name at the endpoint."),
    replicas: z
      .array(address)
      .max(64)
      .optional()
      .describe(
        "Further addresses that serve the same model under the same key: each request goes to the one with the fewest under way, and to another where that fails.",
      ),
    api_key_env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "the name of an environment variable, not the key" })
      .optional()
      .describe("Environment variable that holds the key. The key itself is never written down."),
    concurrency: z.int().min(1).max(256).default(8).describe("Most requests under way at once."),
    timeout: z.number().positive().max(86_400).default(300).describe("Seconds that one request may take."),
    reasoning_tokens: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe("Tokens a model that thinks first may use for that, beyond `max_new_tokens`."),
    answers_as: z
      .string()
      .min(1)
      .optional()
      .describe("The name that replies carry, where the endpoint calls the same model by another."),
    body: z
      .record(z.string(), z.json())
      .optional()
      .describe("Further fields of every request, as the endpoint's own manual names them."),
    input_mtok: price.optional().describe("Price of a million prompt tokens."),
    output_mtok: price.optional().describe("Price of a million generated tokens."),
  })
  .refine((value) => (value.input_mtok === undefined) === (value.output_mtok === undefined), {
    error: "input_mtok and output_mtok go together",
  });

/** A model behind an OpenAI-compatible API, as configured. */
export type EndpointEntry = z.output<typeof endpointSchema>;

const localSchema = z.string().min(1);

/** A hub name, folder or GGUF file of this machine, or an endpoint. */
export type ModelEntry = z.output<typeof localSchema> | EndpointEntry;

/** Not a union: each kind tells its own faults. */
const modelEntrySchema = z.unknown().transform((value, context): ModelEntry => {
  const parsed = (typeof value === "object" && value !== null ? endpointSchema : localSchema).safeParse(
    value,
  );
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
  return z.NEVER;
});

export const modelsSchema = z.record(
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
    error: "a name of letters, figures, dots, underscores and hyphens",
  }),
  modelEntrySchema,
);

/** What a name stands for: its entry in `models`, else the name itself as a hub name, folder or file. */
export function modelEntry(models: Readonly<Record<string, ModelEntry>>, name: string): ModelEntry {
  return Object.hasOwn(models, name) ? models[name]! : name;
}
