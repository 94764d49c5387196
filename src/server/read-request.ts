import { z } from "zod";
import type { Constraint, Grounding, Message, Sampling } from "../contracts/index.ts";
import { ApiError } from "./api-error.ts";

/** Fields that are not known are ignored, as clients send many. */

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const content = z.union([z.string(), z.array(part).min(1)]);
export const chatMessage = z.union(
  [
    z.looseObject({ role: z.enum(["system", "developer", "user"]), content }),
    // One that called a tool may have said nothing.
    z.looseObject({ role: z.literal("assistant"), content: content.nullish() }),
  ],
  {
    error: ({ input }) =>
      `must be a message: a role of system, developer, user or assistant, and text as its content; it is ${shorten(input)}`,
  },
);

const stop = z
  .union([z.string(), z.array(z.string()).max(16)], {
    error: "must be a text, or a list of at most 16 texts",
  })
  .nullish();
/** Who asks, as the client says it; `safety_identifier` is what OpenAI calls `user` now. Some send more than a name. */
export const userFields = { user: z.unknown().optional(), safety_identifier: z.unknown().optional() };
export const samplingFields = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  seed: z.int().nullish(),
  stop,
  max_tokens: z.int().min(1).nullish(),
  ...userFields,
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.int().min(1).max(8).nullish(),
  stream: z.boolean().nullish(),
  grounding: z.enum(["before", "after"]).nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  response_format: z
    .looseObject({
      type: z.enum(["text", "json_object", "json_schema"]),
      json_schema: z.looseObject({ schema: z.unknown() }).nullish(),
      // Where clients of llama.cpp put it.
      schema: z.unknown().optional(),
    })
    .nullish(),
};

export const chatBody = z.looseObject({
  model: z.string(),
  messages: z.array(chatMessage).min(1),
  tool_choice: z.unknown().optional(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  ...samplingFields,
});
export const completionBody = z.looseObject({
  model: z.string(),
  prompt: z.union(
    [
      z.string(),
      z.array(z.string()).min(1).max(8),
      z.array(z.int()).min(1),
      z.array(z.array(z.int())).min(1),
    ],
    {
      error: ({ input }) => `must be a text, or a list of 1 to 8 texts; it is ${shorten(input)}`,
    },
  ),
  echo: z.boolean().nullish(),
  logprobs: z.int().min(0).max(5).nullish(),
  ...samplingFields,
});

export interface GenerationOrder {
  model: string;
  /** Each is answered by itself; a chat is one. */
  prompts: Message[][];
  sampling: Partial<Sampling>;
  constraint?: Constraint;
  topLogprobs?: number;
  /** How many answers to each. */
  count: number;
  /** Answers begin with the prompt. */
  echo?: boolean;
  stream: boolean;
  /** Of answers from passages: whether text is told before it is checked, and corrected at the end. */
  grounding?: Grounding;
  includeUsage: boolean;
  /** Who asks, as the client names them. */
  user?: string;
}

export function readChat(body: z.output<typeof chatBody>): GenerationOrder {
  const { model, messages, logprobs, top_logprobs, tool_choice: toolChoice, ...rest } = body;
  // A call is demanded: an answer in text would be taken for something else.
  if (toolChoice != null && toolChoice !== "auto" && toolChoice !== "none") {
    throw new ApiError(400, "unsupported_parameter", "No model here calls tools.", { param: "tool_choice" });
  }
  return {
    model,
    prompts: [readMessages(messages, "messages")],
    ...(logprobs && { topLogprobs: top_logprobs ?? 0 }),
    ...readSampling(rest),
  };
}

/** A prompt is a user's message: models here answer chats. */
export function readCompletion(body: z.output<typeof completionBody>): GenerationOrder {
  const { model, prompt, logprobs, echo, ...rest } = body;
  if (echo && logprobs != null) {
    const message = "Log probabilities of the prompt are not told: leave `echo` or `logprobs` out.";
    throw new ApiError(400, "unsupported_parameter", message, { param: "echo" });
  }
  return {
    model,
    prompts: readPrompts(prompt).map((content) => [{ role: "user", content }]),
    ...(echo && { echo }),
    ...(logprobs != null && { topLogprobs: logprobs }),
    ...readSampling(rest),
  };
}

function readPrompts(prompt: z.output<typeof completionBody>["prompt"]): string[] {
  const given: (string | number | number[])[] = typeof prompt === "string" ? [prompt] : prompt;
  if (given.every((each) => typeof each === "string")) return given;
  throw new ApiError(400, "token_ids_not_supported", "`prompt` holds token ids: send text.", {
    param: "prompt",
  });
}

/** Ends with the user's. Throws ApiError. */
export function readMessages(messages: readonly z.output<typeof chatMessage>[], param: string): Message[] {
  const read = messages.map(({ role, content }, index): Message => ({
    role: role === "developer" ? "system" : role,
    content: joinParts(content ?? "", `${param}.${index}.content`),
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
  const schema = format.json_schema?.schema ?? format.schema;
  if (format.type === "json_object") return { kind: "json", schema: schema ?? { type: "object" } };
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

const readUser = ({ safety_identifier: id, user }: SamplingFields): string | undefined => {
  const who = id ?? user ?? undefined;
  return typeof who === "object" ? JSON.stringify(who) : who === undefined ? undefined : String(who);
};

/** Greedy unless a temperature is given, as answers were compared. */
export function readSampling(fields: SamplingFields): Omit<GenerationOrder, "model" | "prompts"> {
  const maxTokens = fields.max_completion_tokens ?? fields.max_tokens;
  const constraint = readFormat(fields.response_format);
  const user = readUser(fields);
  const { stop, temperature, top_p: topP, top_k: topK, seed } = fields;
  return {
    sampling: {
      ...(maxTokens != null && { maxTokens }),
      ...(temperature != null && { temperature }),
      // The likeliest token is always among the choices: of 0, it is the only one.
      ...(topP != null && topP > 0 && { topP }),
      ...(topP === 0 ? { topK: 1 } : topK != null && { topK }),
      ...(seed != null && { seed }),
      ...(stop != null && { stop: typeof stop === "string" ? [stop] : stop }),
    },
    ...(constraint && { constraint }),
    ...(fields.grounding && { grounding: fields.grounding }),
    count: fields.n ?? 1,
    stream: fields.stream ?? false,
    ...(user !== undefined && { user }),
    includeUsage: fields.stream_options?.include_usage ?? false,
  };
}

/** What chats and responses call a part that is text. */
const textParts = new Set(["text", "input_text", "output_text"]);

function joinParts(parts: string | readonly z.output<typeof part>[], param: string): string {
  if (typeof parts === "string") return parts;
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

/** As JSON, of which an error shows no more than this. */
const shorten = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 100);
