import { z } from "zod";
import type { Constraint, Message, Sampling } from "../contracts/index.ts";
import { ApiError } from "./api-error.ts";

/** Fields that are not known are ignored, as clients send many. */

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
export const chatMessage = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant"]),
  content: z.union([z.string(), z.array(part)]),
});

const stop = z.union([z.string(), z.array(z.string()).max(4)]).nullish();
export const samplingFields = {
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
  response_format: z
    .looseObject({
      type: z.enum(["text", "json_object", "json_schema"]),
      json_schema: z.looseObject({ schema: z.unknown() }).nullish(),
    })
    .nullish(),
};

export const chatBody = z.looseObject({
  model: z.string(),
  messages: z.array(chatMessage).min(1),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  ...samplingFields,
});
export const completionBody = z.looseObject({
  model: z.string(),
  prompt: z.string(),
  logprobs: z.int().min(0).max(5).nullish(),
  ...samplingFields,
});

export interface GenerationOrder {
  model: string;
  messages: Message[];
  sampling: Partial<Sampling>;
  constraint?: Constraint;
  topLogprobs?: number;
  /** How many answers. */
  count: number;
  stream: boolean;
  includeUsage: boolean;
}

export function readChat(body: z.output<typeof chatBody>): GenerationOrder {
  const { model, messages, logprobs, top_logprobs, ...rest } = body;
  return {
    model,
    messages: readMessages(messages, "messages"),
    ...(logprobs && { topLogprobs: top_logprobs ?? 0 }),
    ...readSampling(rest),
  };
}

/** A prompt is a user's message: models here answer chats. */
export function readCompletion(body: z.output<typeof completionBody>): GenerationOrder {
  const { model, prompt, logprobs, ...rest } = body;
  return {
    model,
    messages: [{ role: "user", content: prompt }],
    ...(logprobs != null && { topLogprobs: logprobs }),
    ...readSampling(rest),
  };
}

/** Ends with the user's. Throws ApiError. */
export function readMessages(messages: readonly z.output<typeof chatMessage>[], param: string): Message[] {
  const read = messages.map(({ role, content }, index): Message => ({
    role: role === "developer" ? "system" : role,
    content: typeof content === "string" ? content : joinParts(content, `${param}.${index}.content`),
  }));
  if (read.at(-1)!.role !== "user") {
    throw new ApiError(400, "invalid_value", "The last message must be the user's.", { param });
  }
  return read;
}

type SamplingFields = z.output<z.ZodObject<typeof samplingFields>>;

/** What a `response_format` holds an answer to. Throws ApiError. */
export function readFormat(format: SamplingFields["response_format"]): Constraint | undefined {
  if (!format || format.type === "text") return undefined;
  if (format.type === "json_object") return { kind: "json", schema: { type: "object" } };
  const schema = format.json_schema?.schema;
  if (schema !== undefined) return { kind: "json", schema };
  throw new ApiError(
    400,
    "invalid_value",
    "A response_format of the type json_schema needs `json_schema.schema`.",
    {
      param: "response_format",
    },
  );
}

/** Greedy unless a temperature is given, as answers were compared. */
export function readSampling(fields: SamplingFields): Omit<GenerationOrder, "model" | "messages"> {
  const maxTokens = fields.max_completion_tokens ?? fields.max_tokens;
  const constraint = readFormat(fields.response_format);
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
    ...(constraint && { constraint }),
    count: fields.n ?? 1,
    stream: fields.stream ?? false,
    includeUsage: fields.stream_options?.include_usage ?? false,
  };
}

/** What chats and responses call a part that is text. */
const textParts = new Set(["text", "input_text", "output_text"]);

function joinParts(parts: readonly z.output<typeof part>[], param: string): string {
  const other = parts.find(({ type, text }) => !textParts.has(type) || text === undefined);
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
