import { Hono } from "hono";
import { z } from "zod";
import {
  LoragError,
  type ChatAnswer,
  type ChatEvent,
  type Config,
  type ServedAnswer,
} from "../../contracts/index.ts";
import { keepFeedback } from "../../pipeline/index.ts";
import { readJson } from "../guard.ts";
import { contextOf, type ProjectPlace } from "./open-project.ts";
import type { ServiceKeeper } from "./service-keeper.ts";

const question = z.object({
  model: z.string(),
  messages: z
    .array(z.object({ role: z.enum(["user", "assistant"]), content: z.string().max(200_000) }))
    .min(1),
});

const feedback = z.object({
  question: z.string().min(1),
  answer: z.string(),
  model: z.string(),
  isGood: z.boolean(),
  corrected: z.string().trim().min(1).optional(),
});

/** `/chat` of a project: an answer as it is written, a line of JSON each, and what is said of answers. */
export function chatRoutes(place: ProjectPlace, services: ServiceKeeper): Hono {
  const app = new Hono();
  app.get("/:project/chat/models", async ({ req, json }) => {
    const service = await services.of(await contextOf(place, req.param("project")));
    return json((await service.models()).filter(({ kind }) => kind !== "embedder"));
  });
  app.post("/:project/chat", async ({ req }) => {
    const { model, messages } = question.parse(await readJson(req.raw));
    const context = await contextOf(place, req.param("project"));
    const service = await services.of(context);
    const stop = new AbortController();
    const began = performance.now();
    let firstAt: number | undefined;
    return lines(stop, async (send) => {
      const given = await service.answer(model, {
        messages,
        sampling: {},
        signal: stop.signal,
        onText: (text) => {
          firstAt ??= performance.now();
          send({ kind: "text", text });
        },
      });
      const now = performance.now();
      send({
        kind: "done",
        answer: describe(given, context.project.config.prices, now - began, (firstAt ?? now) - began),
      });
    });
  });
  app.post("/:project/chat/feedback", async ({ req, json }) => {
    const { project } = await contextOf(place, req.param("project"));
    const { corrected, ...said } = feedback.parse(await readJson(req.raw));
    return json(await keepFeedback(project, { ...said, ...(corrected !== undefined && { corrected }) }));
  });
  return app;
}

/** By token where lorag.yaml says so, else by the time that the machine took. */
function describe(
  given: ServedAnswer,
  prices: Config["prices"],
  latencyMs: number,
  firstTokenMs: number,
): ChatAnswer {
  const { promptTokens, completionTokens } = given.usage;
  const { input_mtok, output_mtok, cpu_hour, currency } = prices;
  const byToken = ((input_mtok ?? 0) * promptTokens + (output_mtok ?? 0) * completionTokens) / 1e6;
  return {
    text: given.text,
    citations: given.citations,
    passages: given.hits.map(({ chunk: { id, documentId, title, headings, text, start } }) => ({
      id,
      documentId,
      title,
      headings,
      text,
      start,
    })),
    promptTokens,
    completionTokens,
    latencyMs,
    firstTokenMs,
    cost: input_mtok === undefined ? (latencyMs / 3_600_000) * cpu_hour : byToken,
    currency,
  };
}

/** A response of JSON lines; a client that leaves aborts `stop`. */
function lines(stop: AbortController, write: (send: (event: ChatEvent) => void) => Promise<void>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (event: ChatEvent): void => {
        if (!stop.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      };
      try {
        await write(send);
      } catch (error) {
        const told =
          error instanceof LoragError
            ? error.toPlain()
            : {
                code: "LORAG_INTERNAL" as const,
                kind: "internal" as const,
                message: "Something went wrong in the server; its terminal says what.",
                next: "",
              };
        send({ kind: "failed", error: told });
      }
      if (!stop.signal.aborted) controller.close();
    },
    cancel() {
      stop.abort();
    },
  });
  return new Response(body, { headers: { "content-type": "application/x-ndjson; charset=utf-8" } });
}
