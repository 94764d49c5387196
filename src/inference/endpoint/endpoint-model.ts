import {
  LoragError,
  type ChatModel,
  type EndpointEntry,
  type Generation,
  type GenerationRequest,
  type Sampling,
} from "../../contracts/index.ts";
import { checkSampling } from "../check-sampling.ts";
import { createAnswer, type Answer } from "./answer.ts";
import { createClient, type ClientOptions, type EndpointClient } from "./client.ts";
import { Failure, nameOf } from "./endpoint-errors.ts";
import { estimatePrompt } from "./estimate-tokens.ts";
import { priceOf } from "./price.ts";
import { completionBody, refusedField, type Refusals } from "./request-body.ts";
import { createSpending, type Spending } from "./spending.ts";

export interface EndpointModelOptions extends ClientOptions {
  entry: EndpointEntry;
  /** What all models of a run may cost together; without it, costs are only counted. */
  spending?: Spending;
}

/**
 * A model behind an OpenAI-compatible API (https://platform.openai.com/docs/api-reference/chat/create). Nothing is sent
 * before the first request. Throws LORAG_ENDPOINT_KEY.
 */
export function createEndpointModel({
  entry,
  spending = createSpending(),
  ...options
}: EndpointModelOptions): ChatModel {
  const client = createClient(entry, options);
  const refused: Refusals = new Set();
  return {
    identity: `endpoint ${nameOf(entry)}`,
    countTokens: async (messages) => estimatePrompt(messages),
    close: async () => {},
    async generate(request) {
      const sampling = checkSampling(request.sampling);
      if (request.adapter !== undefined) throw noAdapters(entry, request.adapter);
      // A rule of thumb may be half too low.
      const mostPrompt = 1.5 * estimatePrompt(request.messages);
      const mostTokens = sampling.maxTokens + entry.reasoning_tokens;
      const room = await spending.reserve(priceOf(entry, mostPrompt, mostTokens) ?? 0);
      const answer = createAnswer(client, request, sampling.stop);
      try {
        return await ask(client, request, sampling, refused, answer);
      } catch (error) {
        throw error instanceof Failure ? error.error.afterPaying(answer.paid()) : error;
      } finally {
        room.settle(answer.paid().cost);
      }
    },
  };
}

/**
 * Asks, and again without a field that the server does not know.
 */
async function ask(
  client: EndpointClient,
  { messages, signal }: GenerationRequest,
  sampling: Sampling,
  refused: Refusals,
  answer: Answer,
): Promise<Generation> {
  let body: Record<string, unknown> = {};
  for (;;) {
    try {
      return await client.post({
        path: "chat/completions",
        body: () => (body = completionBody(client.entry, messages, sampling, refused)),
        read: (reply) => answer.read(reply),
        mayRepeat: () => !answer.isHeard(),
        signal,
      });
    } catch (error) {
      if (signal?.aborted) return answer.cancel();
      const field = error instanceof Failure ? refusedIn(body, error) : undefined;
      if (field === undefined) throw error;
      refused.add(field);
    }
  }
}

function refusedIn(body: Readonly<Record<string, unknown>>, { error, refusal }: Failure): string | undefined {
  return error.code === "LORAG_ENDPOINT_REQUEST" && refusal ? refusedField(body, refusal.said) : undefined;
}

function noAdapters(entry: EndpointEntry, adapter: string): LoragError {
  return new LoragError({
    code: "LORAG_UNKNOWN_ADAPTER",
    kind: "usage",
    message: `No adapter can be loaded into ${nameOf(entry)}, nor is one there under the name ${JSON.stringify(adapter)}`,
    next: "Adapters need a model that runs here: a hub name, a folder or a GGUF file.",
  });
}
