import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Message, ServedAnswer } from "../../contracts/index.ts";
import { annotate, extrasOf, fileOf } from "../annotations.ts";
import { ApiError } from "../api-error.ts";
import { askService } from "../ask-service.ts";
import { namedEvents } from "../event-stream.ts";
import { chatMessage, readMessages, readSampling, samplingFields, userFields } from "../read-request.ts";
import { route, type Call, type Route, type ServerParts } from "../route.ts";
import { wrongKind } from "./generation.ts";
import { findStore, searchAll } from "./vector-stores.ts";
import { responseReply } from "../replies.ts";

const tool = z.looseObject({
  type: z.string(),
  vector_store_ids: z.array(z.string()).max(8).optional(),
  max_num_results: z.int().min(1).max(50).nullish(),
});
const responseBody = z.looseObject({
  model: z.string(),
  input: z.union(
    [
      z.string().min(1, "must not be empty"),
      z.array(z.looseObject({ type: z.string().optional() }).and(chatMessage)).min(1),
    ],
    { error: "must be a text that is not empty, or a list of at least one message" },
  ),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stream: z.boolean().nullish(),
  tools: z.array(tool).nullish(),
  include: z.array(z.string()).nullish(),
  text: z
    .looseObject({
      format: z
        .looseObject({ type: z.enum(["text", "json_object", "json_schema"]), schema: z.unknown().optional() })
        .nullish(),
    })
    .nullish(),
  grounding: samplingFields.grounding,
  ...userFields,
  previous_response_id: z.string().nullish(),
});
type Body = z.output<typeof responseBody>;

export function responseRoutes(parts: ServerParts): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/responses",
      summary: "Answers, from files where `file_search` is among the tools",
      returns: responseReply,
      streams: true,
      body: responseBody,
      handle: (call) => respond(parts, call),
    }),
  ];
}

async function respond(parts: ServerParts, call: Call & { body: Body }): Promise<Response> {
  const { body, key, request } = call;
  const { kind } = await parts.findModel(body.model, key);
  if (kind === "embedder") throw wrongKind(body.model, "embeds text and answers no chats");
  if (body.previous_response_id) {
    throw new ApiError(
      400,
      "unsupported_parameter",
      "No responses are kept here: send the whole conversation.",
      {
        param: "previous_response_id",
      },
    );
  }
  const searchTool = readTool(body);
  const stores = await Promise.all(
    (searchTool?.vector_store_ids ?? []).map((id) => findStore(parts.service.storage!.stores, key, id)),
  );
  const given =
    typeof body.input === "string" ? [{ role: "user" as const, content: body.input }] : body.input;
  const messages = readMessages(given, "input");
  const { format } = body.text ?? {};
  const { sampling, constraint, user } = readSampling({
    user: body.user,
    safety_identifier: body.safety_identifier,
    temperature: body.temperature,
    top_p: body.top_p,
    max_tokens: body.max_output_tokens,
    ...(format && { response_format: { type: format.type, json_schema: { schema: format.schema } } }),
  });
  if (kind === "arm" && constraint) {
    throw new ApiError(400, "unsupported_parameter", `${body.model} answers as it was compared, in text.`, {
      param: "text",
    });
  }
  const question = messages.at(-1)!.content;
  const searches = stores.length > 0 ? [question] : [];
  const id = `resp_${randomUUID().replaceAll("-", "")}`;
  const created = Math.floor(Date.now() / 1000);
  const stop = new AbortController();
  const leave = await parts.admission.enter(request.signal, key);
  request.signal.addEventListener("abort", () => stop.abort(), { once: true });

  const work = async (onText?: (text: string) => void): Promise<ServedAnswer> => {
    const began = performance.now();
    const hits =
      stores.length > 0
        ? await searchAll(parts.service.storage!.stores, stores, [question], searchTool?.max_num_results ?? 5)
        : [];
    return askService(parts, body.model, {
      stop,
      began,
      messages: instruct(messages, body.instructions),
      sampling,
      ...(constraint && { constraint }),
      ...(stores.length > 0 && { hits }),
      ...(onText && { onText }),
      ...(user !== undefined && { user: `${key.name} ${user}` }),
      ...(body.grounding && { grounding: body.grounding }),
    });
  };
  const head = { id, object: "response", created_at: created, model: body.model };
  if (!body.stream) {
    try {
      return Response.json(describe(head, body, await work(), searches));
    } finally {
      leave();
    }
  }
  return namedEvents(
    async (send) => {
      try {
        await stream(send, work, head, body, searches);
      } finally {
        leave();
      }
    },
    stop,
    parts.onError,
  );
}

/** The one tool that is known. Throws ApiError for another. */
function readTool({ tools }: Body): z.output<typeof tool> | undefined {
  const other = (tools ?? []).find(({ type }) => type !== "file_search");
  if (other) {
    const message = `Tools of the type ${JSON.stringify(other.type.slice(0, 40))} are not supported: file_search is.`;
    throw new ApiError(400, "unsupported_parameter", message, { param: "tools" });
  }
  return tools?.[0];
}

const instruct = (messages: Message[], instructions: string | null | undefined): Message[] =>
  instructions ? [{ role: "system", content: instructions }, ...messages] : messages;

type Head = { id: string; object: string; created_at: number; model: string };

const partOf = (answer: ServedAnswer): object => ({
  type: "output_text",
  text: answer.text,
  annotations: annotate(answer.text, answer.citations, answer.hits),
  ...extrasOf(answer),
  logprobs: [],
});

function outputOf(answer: ServedAnswer, id: string, { include }: Body, searches: string[]): object[] {
  const wantsResults = include?.includes("file_search_call.results");
  const results = answer.hits.map((hit) => ({
    ...fileOf(hit.chunk.documentId),
    score: hit.score,
    text: hit.chunk.text,
    attributes: {},
  }));
  return [
    ...(searches.length > 0 || answer.hits.length > 0
      ? [
          {
            id: `fs_${id}`,
            type: "file_search_call",
            status: "completed",
            queries: searches,
            results: wantsResults ? results : null,
          },
        ]
      : []),
    {
      id: `msg_${id}`,
      type: "message",
      role: "assistant",
      status: answer.finishReason === "length" ? "incomplete" : "completed",
      content: [partOf(answer)],
    },
  ];
}

function describe(head: Head, body: Body, answer: ServedAnswer, searches: string[]): object {
  const { usage, finishReason } = answer;
  const isCut = finishReason === "length";
  return {
    ...head,
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    error: null,
    instructions: body.instructions ?? null,
    output: outputOf(answer, head.id.slice("resp_".length), body, searches),
    parallel_tool_calls: false,
    tool_choice: "auto",
    tools: body.tools ?? [],
    metadata: {},
    usage: {
      input_tokens: usage.promptTokens,
      input_tokens_details: { cached_tokens: usage.cachedTokens },
      output_tokens: usage.completionTokens,
      output_tokens_details: { reasoning_tokens: usage.thinkingTokens ?? 0 },
      total_tokens: usage.promptTokens + usage.completionTokens,
    },
  };
}

/** The events in which clients of this API gather an answer. */
async function stream(
  send: (value: { type: string } & Record<string, unknown>) => void,
  work: (onText: (text: string) => void) => Promise<ServedAnswer>,
  head: Head,
  body: Body,
  searches: string[],
): Promise<void> {
  let number = 0;
  const event = (type: string, more: object): void => {
    send({ type, sequence_number: number++, ...more });
  };
  const item_id = `msg_${head.id.slice("resp_".length)}`;
  const place = { item_id, output_index: 0, content_index: 0 };
  // Not before there is an answer: a fault is told by the status.
  const begin = (): void => {
    if (number > 0) return;
    const pending = { ...head, status: "in_progress", output: [], tools: body.tools ?? [] };
    event("response.created", { response: pending });
    event("response.in_progress", { response: pending });
    const empty = { id: item_id, type: "message", role: "assistant", status: "in_progress", content: [] };
    event("response.output_item.added", { output_index: 0, item: empty });
    const blank = { type: "output_text", text: "", annotations: [] };
    event("response.content_part.added", { ...place, part: blank });
  };
  let said = "";
  const say = (delta: string): void => {
    begin();
    said += delta;
    event("response.output_text.delta", { ...place, delta, logprobs: [] });
  };
  const answer = await work(say);
  begin();
  if (body.grounding === "after" && !answer.text.startsWith(said))
    event("lorag.correction", { ...place, text: answer.text });
  // What was held back until it was checked.
  if (answer.text.startsWith(said) && answer.text.length > said.length) say(answer.text.slice(said.length));
  annotate(answer.text, answer.citations, answer.hits).forEach((annotation, annotation_index) =>
    event("response.output_text.annotation.added", { ...place, annotation_index, annotation }),
  );
  event("response.output_text.done", { ...place, text: answer.text, logprobs: [] });
  event("response.content_part.done", { ...place, part: partOf(answer) });
  const whole = describe(head, body, answer, searches) as { output: object[] };
  event("response.output_item.done", { output_index: 0, item: whole.output.at(-1)! });
  event(answer.finishReason === "length" ? "response.incomplete" : "response.completed", { response: whole });
}
