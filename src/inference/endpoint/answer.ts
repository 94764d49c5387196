import type { Generation, GenerationRequest, Paid, Usage } from "../../contracts/index.ts";
import type { HttpReply } from "../../platform/index.ts";
import { createStopText } from "../stop-text.ts";
import type { EndpointClient } from "./client.ts";
import { NotACompletion, readCompletion, type Piece, type ReportedUsage } from "./completion.ts";
import { Failure, endpointError, errorInReply, filtered } from "./endpoint-errors.ts";
import { estimatePrompt, estimateTokens } from "./estimate-tokens.ts";
import { priceOf } from "./price.ts";
import { isSameModel } from "./same-model.ts";
import { createThinkingFilter, splitUnopened } from "./thinking.ts";

/** The answer to one request, over all its tries. */
export interface Answer {
  /** Reads a reply as one try. Throws a Failure, and what the request's own listener throws. */
  read(reply: HttpReply): Promise<Generation>;
  /** What there is, for a request that was aborted. */
  cancel(): Generation;
  /** Whether the listener was given text, which cannot be taken back. */
  isHeard(): boolean;
  /** What all tries cost, as far as it can be known, 0 without prices; and what the last one used. */
  paid(): Paid;
}

/** One try. */
interface Reading {
  /** What the model wrote and thought, as it came. */
  written: string;
  reasoning: string;
  /** What was left of it for the answer. */
  shown: string;
  stopped: boolean;
  refused: boolean;
  finish: string | undefined;
  hasBegun: boolean;
  isWhole: boolean;
  usage: ReportedUsage | undefined;
}

export function createAnswer(
  client: EndpointClient,
  { messages, onText }: GenerationRequest,
  stops: readonly string[],
): Answer {
  const { entry } = client;
  const startedAt = performance.now();
  let firstAt: number | undefined;
  let heard = false;
  let reading: Reading | undefined;
  let paidBefore = 0;
  const costOf = (usage: Usage): number => priceOf(entry, usage.promptTokens, usage.completionTokens) ?? 0;
  const none: Usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };
  // A login page, say, uses no tokens.
  const used = (): Usage => (reading?.hasBegun ? countUsage(reading) : none);
  const cost = (): number => paidBefore + costOf(used());

  const countUsage = ({ usage, written, reasoning }: Reading): Usage => {
    const thought = reasoning === "" ? undefined : estimateTokens(reasoning);
    const { promptTokens, completionTokens, cachedTokens } = usage ?? {
      promptTokens: estimatePrompt(messages),
      completionTokens: estimateTokens(written) + (written.includes(reasoning) ? 0 : (thought ?? 0)),
      cachedTokens: 0,
    };
    const thinkingTokens =
      usage?.reasoningTokens ?? (thought === undefined ? undefined : Math.min(thought, completionTokens));
    return {
      promptTokens,
      completionTokens,
      cachedTokens,
      ...(thinkingTokens !== undefined && { thinkingTokens }),
      ...(!usage && { estimated: true as const }),
    };
  };

  const give = (text: string, usage: Usage, finishReason: Generation["finishReason"]): Generation => {
    const now = performance.now();
    return {
      text,
      finishReason,
      usage,
      firstTokenMs: (firstAt ?? now) - startedAt,
      totalMs: now - startedAt,
      ...(entry.input_mtok !== undefined && { cost: cost() }),
    };
  };

  const say = (text: string): void => {
    if (text === "") return;
    reading!.shown += text;
    if (!onText) return;
    heard = true;
    onText(text);
  };

  const take = async (reply: HttpReply, now: Reading): Promise<void> => {
    const filter = createThinkingFilter();
    const stopText = createStopText(stops);
    const show = (text: string): void => {
      const cut = stopText.push(text);
      now.stopped = cut.stopped;
      say(cut.text);
    };
    for await (const piece of readCompletion(reply.headers["content-type"] ?? "", reply.body)) {
      now.hasBegun = true;
      checkPiece(client, piece);
      if (piece.text !== "" || piece.reasoning !== "") firstAt ??= performance.now();
      now.written += piece.text;
      now.reasoning += piece.reasoning;
      now.refused ||= piece.refused;
      now.finish = piece.finish ?? now.finish;
      now.usage = piece.usage ?? now.usage;
      now.isWhole ||= piece.isLast || now.finish !== undefined;
      show(filter.push(piece.text));
      if (now.stopped) break;
    }
    if (!now.stopped) show(filter.end());
    if (!now.stopped) say(stopText.end());
    now.reasoning += filter.thinking;
  };

  return {
    isHeard: () => heard,
    paid: () => ({ usage: used(), cost: cost() }),
    cancel: () => give(reading?.shown ?? "", used(), "cancelled"),
    async read(reply) {
      paidBefore = cost();
      reading = {
        written: "",
        reasoning: "",
        shown: "",
        stopped: false,
        refused: false,
        finish: undefined,
        hasBegun: false,
        isWhole: false,
        usage: undefined,
      };
      const now = reading;
      try {
        await take(reply, now);
      } catch (error) {
        throw error instanceof NotACompletion ? noCompletion(client, error) : error;
      }
      const { text, thinking } = splitUnopened(now.shown);
      now.reasoning += thinking;
      checkWhole(client, now, text);
      return give(text, countUsage(now), now.finish === "length" && !now.stopped ? "length" : "stop");
    },
  };
}

function checkPiece({ entry, redact }: EndpointClient, { error, model }: Piece): void {
  if (error !== undefined) throw errorInReply(entry, error, redact);
  const wanted = entry.answers_as ?? entry.model;
  if (model === undefined || isSameModel(wanted, model)) return;
  const answered = JSON.stringify(redact(model).slice(0, 100));
  throw new Failure(
    endpointError(
      entry,
      "LORAG_ENDPOINT_OTHER_MODEL",
      "config",
      `was asked, and the reply says that ${answered} answered`,
      `If that is the same model under another name, write \`answers_as: ${answered}\` into its entry; else correct \`model\`.`,
    ),
  );
}

/** Replies that are no answer, told apart. */
function checkWhole({ entry }: EndpointClient, reading: Reading, text: string): void {
  const fail = (code: `LORAG_REPLY_${string}`, what: string, next: string, mayPass = false): Failure =>
    new Failure(endpointError(entry, code, "data", what, next), { mayPass });
  const { finish, stopped } = reading;
  if (!reading.isWhole && !stopped) {
    throw fail(
      "LORAG_REPLY_CUT",
      "broke off in the middle of its answer",
      "Look at the server's own log.",
      true,
    );
  }
  if (finish === "content_filter" || reading.refused) throw new Failure(filtered(entry));
  if (text.trim() !== "" || stopped) return;
  if (reading.reasoning.trim() !== "") {
    throw fail(
      "LORAG_REPLY_ONLY_REASONING",
      `thought and gave no answer${finish === "length" ? ": it had no tokens left for one" : ""}`,
      `Allow more than ${entry.reasoning_tokens} \`reasoning_tokens\` in its entry, or switch its thinking off there by \`body\`.`,
    );
  }
  const called = finish === "tool_calls" || finish === "function_call" ? ": it called a tool instead" : "";
  throw fail(
    "LORAG_REPLY_EMPTY",
    `gave an empty answer${called}`,
    "Try the question by itself, or another model.",
  );
}

function noCompletion({ entry }: EndpointClient, { message }: NotACompletion): Failure {
  const next =
    "Check `endpoint`: it must be the API's address, which mostly ends with /v1, and no proxy or login page may answer in its place.";
  return new Failure(
    endpointError(
      entry,
      "LORAG_ENDPOINT_ANSWER",
      "config",
      `answered with ${message} instead of a chat completion`,
      next,
    ),
  );
}
