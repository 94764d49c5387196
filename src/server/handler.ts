import { Hono, type Context } from "hono";
import type { Service, ServedModel } from "../contracts/index.ts";
import { likeness } from "../text/index.ts";
import { createAdmission, type AdmissionLimits } from "./admission.ts";
import { ApiError, toApiError } from "./api-error.ts";
import { embeddingResponse } from "./embeddings.ts";
import {
  chatShape,
  completionShape,
  generate,
  type GenerationParts,
  type Shape,
} from "./generation-routes.ts";
import { guardRequest, readJson, type GuardOptions } from "./guard.ts";
import { createMetrics } from "./metrics.ts";
import { readChat, readCompletion, readEmbedding, type GenerationOrder } from "./read-request.ts";

export interface HandlerOptions extends GuardOptions {
  service: Service;
  /** 32 at once and 128 waiting by default. */
  limits?: AdmissionLimits;
  /** Hears of faults that clients are not told of. */
  onError: (error: unknown) => void;
}

export interface Handler {
  /** Answers one request of OpenAI's API; touches no socket. Never rejects. */
  handle(request: Request): Promise<Response>;
  /** Takes no new work; resolves when what was begun is done. */
  drain(): Promise<void>;
}

export function createHandler(options: HandlerOptions): Handler {
  const { service, onError } = options;
  const admission = createAdmission(options.limits ?? { places: 32, waiting: 128 });
  const metrics = createMetrics();
  const parts: GenerationParts = { service, admission, metrics, onError };
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    metrics.responded(context.req.routePath, context.res.status);
  });

  app.get("/health", (context) => context.json({ status: "ok" }));
  app.get("/ready", (context) =>
    admission.isDraining ? context.json({ status: "shutting down" }, 503) : context.json({ status: "ready" }),
  );
  app.get("/metrics", () => {
    const gauges = {
      lorag_requests_in_progress: admission.inside,
      lorag_requests_waiting: admission.waiting,
    };
    return new Response(metrics.render(gauges), { headers: { "content-type": "text/plain; version=0.0.4" } });
  });

  app.get("/v1/models", async (context) => {
    const models = await service.models();
    return context.json({ object: "list", data: models.map(describeModel) });
  });
  app.get("/v1/models/:id{.+}", async (context) =>
    context.json(describeModel(await findModel(service, context.req.param("id")))),
  );

  const generation = (read: (body: unknown) => GenerationOrder, shape: Shape) => async (context: Context) => {
    const order = read(await readJson(context.req.raw));
    const { kind } = await findModel(service, order.model);
    if (kind === "embedder") throw wrongKind(order.model, "embeds text and answers no chats");
    return generate(parts, shape, order, context.req.raw.signal);
  };
  app.post("/v1/chat/completions", generation(readChat, chatShape));
  app.post("/v1/completions", generation(readCompletion, completionShape));

  app.post("/v1/embeddings", async (context) => {
    const order = readEmbedding(await readJson(context.req.raw));
    const { kind } = await findModel(service, order.model);
    if (kind !== "embedder") throw wrongKind(order.model, "answers chats and embeds no text");
    const { signal } = context.req.raw;
    const leave = await admission.enter(signal);
    try {
      return embeddingResponse(order, await service.embed(order.texts, signal));
    } finally {
      leave();
    }
  });

  app.notFound((context) => {
    const { method, path } = context.req;
    const message = `There is no ${method} ${path.slice(0, 100)} here. There are ${routes.join(", ")}.`;
    return new ApiError(404, "unknown_url", message).toResponse();
  });
  app.onError((error, context) => {
    const told = toApiError(error);
    if (context.req.raw.signal.aborted) return new Response(null, { status: 499 });
    if (told.status >= 500 && !(error instanceof ApiError)) onError(error);
    return told.toResponse();
  });

  const handle = async (request: Request): Promise<Response> => {
    try {
      guardRequest(request, options);
    } catch (error) {
      const told = toApiError(error);
      metrics.responded("refused", told.status);
      return told.toResponse();
    }
    return app.fetch(request);
  };
  return { handle, drain: () => admission.drain() };
}

const routes = [
  "GET /v1/models",
  "GET /v1/models/{id}",
  "POST /v1/chat/completions",
  "POST /v1/completions",
  "POST /v1/embeddings",
  "GET /health",
  "GET /ready",
  "GET /metrics",
];

function describeModel({ id, root, parent, created }: ServedModel): object {
  return {
    id,
    object: "model",
    created,
    owned_by: "lorag",
    ...(root !== undefined && { root }),
    ...(parent !== undefined && { parent }),
  };
}

async function findModel(service: Service, id: string): Promise<ServedModel> {
  const models = await service.models();
  const found = models.find((model) => model.id === id);
  if (found) return found;
  const near = models
    .map((model) => model.id)
    .sort((a, b) => likeness(id, b) - likeness(id, a))
    .slice(0, 10);
  const message = `There is no model ${JSON.stringify(id.slice(0, 100))} here; there are ${near.join(", ")}.`;
  throw new ApiError(404, "model_not_found", message, { param: "model" });
}

const wrongKind = (id: string, what: string): ApiError =>
  new ApiError(400, "wrong_kind_of_model", `The model ${id} ${what}.`, { param: "model" });
