import { Hono } from "hono";
import { z, ZodError } from "zod";
import { LoragError } from "../../contracts/index.ts";
import type { Program } from "../../pipeline/index.ts";
import { ApiError, toApiError } from "../api-error.ts";
import { guardOrigin, readJson } from "../guard.ts";
import { createPageFiles } from "./page-files.ts";
import { pageHeaders } from "./page-headers.ts";
import { chatRoutes } from "./chat-routes.ts";
import { configRoutes } from "./config-routes.ts";
import { documentRoutes } from "./document-routes.ts";
import { exampleRoutes } from "./example-routes.ts";
import { graphRoutes } from "./graph-routes.ts";
import { createIndexKeeper } from "./index-keeper.ts";
import { resultRoutes } from "./result-routes.ts";
import { runRoutes } from "./run-routes.ts";
import { glossaryRoutes } from "./glossary-routes.ts";
import { servingRoutes } from "./serving-routes.ts";
import { projectRoutes } from "./project-routes.ts";
import { createServiceKeeper } from "./service-keeper.ts";
import { sessionSeconds, type Sessions } from "./sessions.ts";

export interface UiOptions {
  /** The folder that is a project, or holds projects: no path outside it is served. */
  root: string;
  /** Names by which the page may be reached. */
  hosts: readonly string[];
  sessions: Sessions;
  /** This program, to start runs with. */
  program: Program;
  /** Hears of faults inside the server. */
  onError: (error: unknown) => void;
}

export interface UiHandler {
  /** Answers the page and its API; touches no socket. Never rejects. */
  handle(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** The page, and what it asks for under /api: every route there but the one that opens a session needs one. */
export function createUiHandler(options: UiOptions): UiHandler {
  const { sessions, hosts, onError } = options;
  const files = createPageFiles();
  const services = createServiceKeeper();
  const indexes = createIndexKeeper(onError, (folder) => services.forget(folder));
  const app = new Hono();

  app.post("/api/session", async ({ req }) => {
    const { token } = (await readJson(req.raw)) as { token?: unknown };
    const secret = typeof token === "string" ? await sessions.exchange(token) : undefined;
    if (secret === undefined) throw noSession("This link was used before, or is of an earlier start.");
    const cookie = `${cookieName(req.raw)}=${secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${sessionSeconds}`;
    return Response.json({ ok: true }, { headers: { "set-cookie": cookie } });
  });
  app.use("/api/*", async ({ req }, next) => {
    const secret = readCookie(req.raw);
    if (secret === undefined || !sessions.isKnown(secret))
      throw noSession("This browser has no session here.");
    await next();
  });
  for (const routes of [
    projectRoutes(options),
    documentRoutes(options, indexes),
    exampleRoutes(options),
    configRoutes(options),
    runRoutes(options, options.program, indexes),
    resultRoutes(options, options.program),
    chatRoutes(options, services),
    servingRoutes(options, services),
    glossaryRoutes(options),
    graphRoutes(options),
  ]) {
    app.route("/api/projects", routes);
  }
  app.all("/api/*", ({ req }) => {
    throw new ApiError(404, "unknown_url", `There is no ${req.method} ${req.path.slice(0, 100)} here.`);
  });
  app.get("*", ({ req }) => files(req.raw));

  app.onError((error, { req }) => {
    if (req.raw.signal.aborted) return new Response(null, { status: 499 });
    if (![LoragError, ApiError, ZodError].some((kind) => error instanceof kind)) onError(error);
    return tell(error);
  });

  return {
    async handle(request) {
      let response: Response;
      try {
        guardOrigin(request, hosts);
        response = await app.fetch(request);
      } catch (error) {
        response = tell(error);
      }
      for (const [name, value] of Object.entries(pageHeaders)) response.headers.set(name, value);
      if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
      return response;
    },
    close: async () => {
      await Promise.all([indexes.close(), services.close()]);
    },
  };
}

const statuses: Partial<Record<LoragError["kind"], number>> = {
  usage: 400,
  data: 422,
  config: 422,
  missing: 404,
  busy: 409,
  unavailable: 503,
};

/** Whoever has a session owns the machine's projects: they are told what the command line would tell. */
function tell(thrown: unknown): Response {
  // What is wrong with a request may come to light while it is written to disk.
  const error = thrown instanceof LoragError && thrown.cause instanceof ApiError ? thrown.cause : thrown;
  if (error instanceof LoragError) {
    return Response.json({ error: error.toPlain() }, { status: statuses[error.kind] ?? 500 });
  }
  if (error instanceof ZodError) {
    return Response.json(
      { error: { code: "invalid_value", message: z.prettifyError(error), next: "" } },
      { status: 400 },
    );
  }
  const { status, code, message } = toApiError(error);
  return Response.json({ error: { code, message, next: "" } }, { status });
}

const noSession = (why: string): ApiError =>
  new ApiError(401, "no_session", `${why} Start \`lorag ui\` again and open the link that it prints.`);

/** Cookies are shared by all ports of a host. */
const cookieName = (request: Request): string => `lorag_ui_${new URL(request.url).port || "80"}`;

function readCookie(request: Request): string | undefined {
  const name = cookieName(request);
  const pairs = (request.headers.get("cookie") ?? "").split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
