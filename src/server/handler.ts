import { Hono } from "hono";
import { getPath } from "hono/utils/url";
import type { ApiKey, Service, StoredKey } from "../contracts/index.ts";
import { createAdmission, type AdmissionLimits } from "./admission.ts";
import { ApiError, toApiError } from "./api-error.ts";
import { usualDeadlines, type Deadlines } from "./deadlines.ts";
import { findModelIn } from "./find-model.ts";
import { guardOrigin, readForm, readJson } from "./guard.ts";
import { anyone, findKey } from "./keys.ts";
import { createMetrics } from "./metrics.ts";
import { otherMethod } from "./other-method.ts";
import { parseBody } from "./parse-body.ts";
import type { Route, ServerParts } from "./route.ts";
import { createRoutes } from "./routes/all-routes.ts";

export interface HandlerOptions {
  service: Service;
  /** Names by which clients may call this server, without a port. */
  hosts: readonly string[];
  /** Asked at every request, so that a key that is revoked is so at once; none lets everyone in. */
  keys: () => Promise<readonly StoredKey[]>;
  /** 32 at once and 128 waiting by default. */
  limits?: AdmissionLimits;
  deadlines?: Deadlines;
  /** Hears of faults that clients are not told of. */
  onError: (error: unknown) => void;
}

export interface Handler {
  /** Answers one request of OpenAI's API; touches no socket. Never rejects. */
  handle(request: Request): Promise<Response>;
  /** Takes no new work; resolves when what was begun is done. */
  drain(): Promise<void>;
  /** Every way to call it. */
  routes: readonly Route[];
}

/** Says nothing but that the server lives. */
const open = "/health";

export function createHandler(options: HandlerOptions): Handler {
  const { service, hosts, keys, onError } = options;
  const { deadlines = usualDeadlines, limits = { places: 32, waiting: 128 } } = options;
  const admission = createAdmission({ queueMs: deadlines.queueMs, ...limits });
  const metrics = createMetrics();
  const findModel = (id: string, key: ApiKey) => findModelIn(service, id, key);
  const parts: ServerParts = { service, admission, metrics, deadlines, findModel, onError };
  const routes = createRoutes(parts);

  const app = new Hono<{ Variables: { key: ApiKey } }>({ getPath: plainPath });
  app.use(async (context, next) => {
    await next();
    metrics.responded(context.req.routePath, context.res.status);
  });
  app.use(async (context, next) => {
    const { raw, path } = context.req;
    guardOrigin(raw, hosts);
    const known = path === open ? [] : await keys();
    context.set("key", known.length === 0 ? anyone : findKey(raw, known));
    return next();
  });
  for (const row of routes) {
    app.on(row.method, honoPath(row.path), async (context) => {
      const { raw } = context.req;
      const given = row.isUpload ? await readForm(raw) : row.body && (await readJson(raw));
      return row.handle({
        request: raw,
        params: context.req.param() as Record<string, string>,
        query: new URL(raw.url).searchParams,
        body: row.body && !row.isUpload ? parseBody(row.body, given) : given,
        key: context.get("key"),
      });
    });
  }
  app.notFound((context) => {
    const { method, path } = context.req;
    const other = otherMethod(routes, method, path);
    if (other) return other;
    const known = routes.map((row) => `${row.method} ${row.path}`).join(", ");
    const message = `There is no ${method} ${path.slice(0, 100)} here. There are ${known}.`;
    return new ApiError(404, "unknown_url", message).toResponse();
  });
  app.onError((error, context) => {
    const told = toApiError(error);
    if (context.req.raw.signal.aborted) return new Response(null, { status: 499 });
    if (told.status >= 500 && !(error instanceof ApiError)) onError(error);
    return told.toResponse();
  });
  return { handle: async (request) => app.fetch(request), drain: () => admission.drain(), routes };
}

/** Clients are given addresses that end in a slash, or add one: `//` and a slash at the end say nothing. */
const plainPath = (request: Request): string =>
  getPath(request)
    .replaceAll(/\/{2,}/g, "/")
    .replace(/(.)\/$/, "$1");

/** A model's name may hold slashes. */
const honoPath = (path: string): string =>
  path.replace("{model}", ":model{.+}").replaceAll(/\{(\w+)\}/g, ":$1");
