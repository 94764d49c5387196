import { z } from "zod";
import type { Message, Sampling } from "../contracts/index.ts";
import { ApiError } from "./api-error.ts";

/**
 * Fields that are not known are ignored, as clients send many. Those that change what the answer is, and that are known
 * but cannot be kept here, are refused: a client that asks for JSON must not get prose in its place.
 */

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant"]),
  content: z.union([z.string(), z.array(part)]),
});

const stop = z.union([z.string(), z.array(z.string()).max(4)]).nullish();
const samplingFields = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  seed: z.int().nullish(),
  stop,
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.int().min(1).max(8).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  /** Whether for a chat, how many for a completion. */
  logprobs: z.union([z.boolean(), z.int()]).nullish(),
};

const chatSchema = z.looseObject({ model: z.string(), messages: z.array(message).min(1), ...samplingFields });
const completionSchema = z.looseObject({ model: z.string(), prompt: z.string(), ...samplingFields });
const embeddingSchema = z.looseObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string()).min(1).max(2048)]),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.int().min(1).nullish(),
});

export interface GenerationOrder {
  model: string;
  messages: Message[];
  sampling: Partial<Sampling>;
  /** How many answers. */
  count: number;
  stream: boolean;
  includeUsage: boolean;
}

export function readChat(body: unknown): GenerationOrder {
  const { model, messages, ...rest } = parse(chatSchema, body);
  refuseUnsupported(rest);
  const read = messages.map(({ role, content }, index): Message => ({
    role: role === "developer" ? "system" : role,
    content: typeof content === "string" ? content : joinParts(content, `messages.${index}.content`),
  }));
  if (read.at(-1)!.role !== "user") {
    throw new ApiError(400, "invalid_value", "The last message must be the user's.", { param: "messages" });
  }
  return { model, messages: read, ...readSampling(rest) };
}

/** A prompt is a user's message: models here answer chats. */
export function readCompletion(body: unknown): GenerationOrder {
  const { model, prompt, ...rest } = parse(completionSchema, body);
  refuseUnsupported(rest);
  return { model, messages: [{ role: "user", content: prompt }], ...readSampling(rest) };
}

export interface EmbeddingOrder {
  model: string;
  texts: string[];
  isBase64: boolean;
  dimensions: number | undefined;
}

export function readEmbedding(body: unknown): EmbeddingOrder {
  const tokens = (body as { input?: unknown } | null)?.input;
  if (
    Array.isArray(tokens) &&
    [tokens[0], (tokens[0] as unknown[] | undefined)?.[0]].some(Number.isInteger)
  ) {
    throw new ApiError(
      400,
      "token_ids_not_supported",
      "`input` holds token ids, which are those of another model: send text. (LangChain: check_embedding_ctx_length=False.)",
      { param: "input" },
    );
  }
  const { model, input, encoding_format, dimensions } = parse(embeddingSchema, body);
  return {
    model,
    texts: typeof input === "string" ? [input] : input,
    isBase64: encoding_format === "base64",
    dimensions: dimensions ?? undefined,
  };
}

type SamplingFields = z.output<z.ZodObject<typeof samplingFields>>;

/** Throws ApiError where an answer of another form is asked for than text. */
function refuseUnsupported({ response_format: format, logprobs }: SamplingFields): void {
  if (format && format.type !== "text") {
    const type = JSON.stringify(format.type.slice(0, 40));
    throw unsupported(
      "response_format",
      `A response_format of the type ${type} is not supported: leave it out.`,
    );
  }
  if (logprobs !== undefined && logprobs !== null && logprobs !== false) {
    throw unsupported("logprobs", "Log probabilities are not supported: leave `logprobs` out.");
  }
}

const unsupported = (param: string, message: string): ApiError =>
  new ApiError(400, "unsupported_parameter", message, { param });

/** Greedy unless a temperature is given, as answers were compared. */
function readSampling(fields: SamplingFields): Omit<GenerationOrder, "model" | "messages"> {
  const maxTokens = fields.max_completion_tokens ?? fields.max_tokens;
  const { stop, temperature, top_p: topP, top_k: topK, seed } = fields;
  return {
    sampling: {
      ...(maxTokens != null && { maxTokens }),
      ...(temperature != null && { temperature }),
      ...(topP != null && { topP }),
      ...(topK != null && { topK }),
      ...(seed != null && { seed }),
      ...(stop != null && { stop: typeof stop === "string" ? [stop] : stop }),
    },
    count: fields.n ?? 1,
    stream: fields.stream ?? false,
    includeUsage: fields.stream_options?.include_usage ?? false,
  };
}

function joinParts(parts: readonly z.output<typeof part>[], param: string): string {
  const other = parts.find(({ type, text }) => type !== "text" || text === undefined);
  if (other) {
    throw new ApiError(
      400,
      "invalid_value",
      `Parts of the type ${JSON.stringify(other.type.slice(0, 40))} are not supported: send text.`,
      { param },
    );
  }
  return parts.map(({ text }) => text).join("\n");
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue!.path.join(".") || null;
  throw new ApiError(400, "invalid_value", `${param ? `\`${param}\`` : "The body"}: ${issue!.message}`, {
    param,
  });
}
