import { z } from "zod";
import { readEvents } from "./server-sent-events.ts";

/** What a reply to a chat completion holds, whole or as it comes in pieces. */
export interface Piece {
  text: string;
  /** Thinking that the server keeps apart from the text. */
  reasoning: string;
  refused: boolean;
  finish: string | undefined;
  model: string | undefined;
  usage: ReportedUsage | undefined;
  /** An error that took the place of the rest. */
  error: unknown;
  /** The server says that nothing follows. */
  isLast: boolean;
}

export interface ReportedUsage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  reasoningTokens: number | undefined;
}

/** A reply that is not what it should be; `message` says what it is instead. */
export class NotACompletion extends Error {}

const count = z.number().int().nonnegative().nullish();
const parts = z.array(
  z.looseObject({ type: z.string(), text: z.string().optional(), thinking: z.json().optional() }),
);
const said = z.looseObject({
  content: z.union([z.string(), parts]).nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  refusal: z.string().nullish(),
});
const replySchema = z.looseObject({
  model: z.string().nullish(),
  choices: z
    .array(
      z.looseObject({ message: said.nullish(), delta: said.nullish(), finish_reason: z.string().nullish() }),
    )
    .nullish(),
  usage: z
    .looseObject({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish(),
      completion_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish(),
    })
    .nullish(),
  error: z.json().optional(),
});

/** The pieces of a reply, whether the server streams or, though asked to, does not. Throws NotACompletion. */
export async function* readCompletion(
  contentType: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Piece> {
  if (!contentType.includes("text/event-stream")) {
    yield { ...readPiece(await readWhole(body)), isLast: true };
    return;
  }
  for await (const data of readEvents(body)) {
    yield data.trim() === "[DONE]" ? { ...nothing, isLast: true } : readPiece(data);
  }
}

const nothing: Piece = {
  text: "",
  reasoning: "",
  refused: false,
  finish: undefined,
  model: undefined,
  usage: undefined,
  error: undefined,
  isLast: false,
};

export async function readWhole(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

function readPiece(json: string): Piece {
  const reply = replySchema.safeParse(parseJson(json));
  if (!reply.success) throw new NotACompletion("JSON that is no chat completion");
  const { model, choices, usage, error } = reply.data;
  if (!choices && error == null) throw new NotACompletion("JSON without `choices`");
  const choice = choices?.[0];
  const own = choice?.delta ?? choice?.message;
  const content = readContent(own?.content);
  return {
    text: content.text,
    reasoning: (own?.reasoning_content ?? own?.reasoning ?? "") + content.thinking,
    refused: Boolean(own?.refusal),
    finish: choice?.finish_reason ?? undefined,
    model: model || undefined,
    usage: readUsage(usage),
    error: error ?? undefined,
    isLast: false,
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const isPage = /^\s*<(?:!doctype|html|head|body)/i.test(text);
    throw new NotACompletion(isPage ? "an HTML page" : text.trim() === "" ? "nothing" : "no JSON");
  }
}

/** Some servers give a list of parts, those of the thinking among them. */
function readContent(content: z.infer<typeof said>["content"]): { text: string; thinking: string } {
  if (!Array.isArray(content)) return { text: content ?? "", thinking: "" };
  const text = content.map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
  const thinking = content.flatMap((part) => (part.thinking ? [JSON.stringify(part.thinking)] : [])).join("");
  return { text, thinking };
}

function readUsage(usage: z.infer<typeof replySchema>["usage"]): ReportedUsage | undefined {
  if (usage?.prompt_tokens == null || usage.completion_tokens == null) return undefined;
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: Math.min(usage.prompt_tokens_details?.cached_tokens ?? 0, usage.prompt_tokens),
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? undefined,
  };
}
