import { setMaxListeners } from "node:events";
import { z } from "zod";
import { LoragError, type EndpointEntry } from "../../contracts/index.ts";
import { httpExchange, type HttpLimits, type HttpReply } from "../../platform/index.ts";
import { readWhole } from "./completion.ts";
import { Failure, endpointError, statusError, unknownModel } from "./endpoint-errors.ts";
import { createGate } from "./gate.ts";
import { isSameModel } from "./same-model.ts";
import { askedWaitMs, mayPass, usualPatience, waitBeforeRetry, type Patience } from "./retry.ts";
import { createUpstreams } from "./upstreams.ts";

/** Speaks to one entry of `models`: its key, so many requests at once, each tried again while that may help. */
export interface EndpointClient {
  entry: EndpointEntry;
  /** Sends a request until it succeeds or trying again is no use; throws a Failure then, and what `read` throws. */
  post<Value>(request: PostRequest<Value>): Promise<Value>;
  /** Names of the models it has, undefined where it does not say. Throws LORAG_ENDPOINT_REFUSED, LORAG_ENDPOINT_DOWN. */
  models(signal?: AbortSignal): Promise<string[] | undefined>;
  /** A server's words without the key. */
  redact(text: string): string;
}

export interface PostRequest<Value> {
  path: string;
  /** Made anew for each try. */
  body: () => Record<string, unknown>;
  /** Takes a reply whose status is 2xx; a Failure it throws is that of the try. */
  read: (reply: HttpReply) => Promise<Value>;
  /** Whether a try may follow that just failed; always by default. */
  mayRepeat?: () => boolean;
  signal?: AbortSignal | undefined;
}

export interface ClientOptions {
  patience?: Patience;
  /** Where keys are looked up; the process's own by default. */
  environment?: Readonly<Record<string, string | undefined>>;
}

const listSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

const maxReplyBytes = 64 * 2 ** 20;

/** Throws LORAG_ENDPOINT_KEY. */
export function createClient(
  entry: EndpointEntry,
  { patience = usualPatience, environment = process.env }: ClientOptions = {},
): EndpointClient {
  const key = readKey(entry, environment);
  const gate = createGate(entry.concurrency);
  const upstreams = createUpstreams([entry.endpoint, ...(entry.replicas ?? [])]);
  const timeoutMs = entry.timeout * 1000;
  const limits: HttpLimits = {
    connectMs: Math.min(10_000, timeoutMs),
    firstByteMs: timeoutMs,
    idleMs: Math.min(60_000, timeoutMs),
    totalMs: timeoutMs,
    maxBytes: maxReplyBytes,
  };
  const redact = (text: string): string => (key === undefined ? text : text.replaceAll(key, "[key]"));
  const headers = { accept: "application/json, text/event-stream", ...authorization(entry, key) };

  const models: EndpointClient["models"] = async (signal) => {
    const quick = { ...limits, firstByteMs: 10_000, totalMs: 20_000, maxBytes: 4 * 2 ** 20 };
    const url = join(entry.endpoint, "models");
    let reply: HttpReply | undefined;
    try {
      reply = await httpExchange({ method: "GET", url, headers, limits: quick, ...(signal && { signal }) });
      const text = await readWhole(reply.body);
      if (reply.status === 401 || reply.status === 403) {
        throw statusError(entry, reply.status, redact(errorWords(text)));
      }
      return listSchema.safeParse(JSON.parse(text)).data?.data.map(({ id }) => redact(id));
    } catch (error) {
      reply?.cancel();
      signal?.throwIfAborted();
      if (!(error instanceof LoragError)) return undefined;
      throw error.code.startsWith("LORAG_ENDPOINT") ? error : connectionFailure(entry, error).error;
    }
  };

  const once = async <Value>({ path, body, read, signal }: PostRequest<Value>): Promise<Value> => {
    let reply: HttpReply | undefined;
    const upstream = upstreams.take();
    let worked: boolean | undefined = true;
    try {
      reply = await httpExchange({
        method: "POST",
        url: join(upstream.address, path),
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body()),
        limits,
        ...(signal && { signal }),
      });
      if (reply.status >= 200 && reply.status < 300) return await read(reply);
      throw await refusal(reply, signal);
    } catch (error) {
      reply?.cancel();
      if (signal?.aborted) worked = undefined;
      else if (error instanceof Failure) worked = !error.mayPass;
      else if (error instanceof LoragError) worked = false;
      if (signal?.aborted || !(error instanceof LoragError)) throw error;
      throw connectionFailure({ ...entry, endpoint: upstream.address }, error);
    } finally {
      upstream.end(worked);
    }
  };

  const refusal = async (reply: HttpReply, signal: AbortSignal | undefined): Promise<Failure> => {
    const { status } = reply;
    const location = reply.headers.location;
    const said = redact(location ? `moved to ${location}` : errorWords(await readWhole(reply.body)));
    const names = status === 404 || status === 400 ? await models(signal).catch(() => undefined) : undefined;
    const asked = askedWaitMs(reply.headers, Date.now());
    const tooLong = asked !== undefined && asked > patience.mostWaitMs ? asked : undefined;
    const error = statusError(entry, status, said, { models: names, waitMs: tooLong });
    const again = mayPass(status) && error.code !== "LORAG_ENDPOINT_QUOTA";
    return new Failure(error, { mayPass: again, askedWaitMs: asked, refusal: { status, said } });
  };

  /** Some servers fail, instead of saying that they have not got the model. */
  const explain = async (failure: Failure, signal: AbortSignal | undefined): Promise<Failure> => {
    const { refusal } = failure;
    if (!refusal || refusal.status < 500) return failure;
    const names = (await models(signal).catch(() => undefined)) ?? [];
    if (names.length === 0 || names.some((name) => isSameModel(entry.model, name))) return failure;
    return new Failure(unknownModel(entry, refusal.status, refusal.said, names));
  };

  return {
    entry,
    models,
    redact,
    async post(request) {
      // Many requests may share a signal: Node takes more than ten listeners for a leak.
      if (request.signal) setMaxListeners(0, request.signal);
      const { signal, mayRepeat = () => true } = request;
      const leave = await gate.enter(signal);
      try {
        for (let tried = 1; ; tried++) {
          try {
            return await once(request);
          } catch (error) {
            if (!(error instanceof Failure)) throw error;
            const again = error.mayPass && mayRepeat() && tried < patience.tries;
            // Another address need not be waited for.
            if (again && upstreams.hasOther) continue;
            const wait = again
              ? waitBeforeRetry(tried, error.askedWaitMs, patience, Math.random())
              : undefined;
            if (wait === undefined) throw await explain(error, signal);
            await pause(wait, signal);
          }
        }
      } finally {
        leave();
      }
    },
  };
}

function readKey(entry: EndpointEntry, environment: ClientOptions["environment"]): string | undefined {
  const name = entry.api_key_env;
  if (name === undefined) return undefined;
  const key = environment?.[name]?.trim();
  if (key && /^[\x21-\x7e]+$/.test(key)) return key;
  const what = key ? "holds a key that no request could carry" : "is not set";
  throw endpointError(
    entry,
    "LORAG_ENDPOINT_KEY",
    "config",
    `needs a key, and the environment variable ${name} ${what}`,
    `Set ${name} in the environment that lorag runs in; keys are read from nowhere else.`,
  );
}

function authorization({ endpoint }: EndpointEntry, key: string | undefined): Record<string, string> {
  if (key === undefined) return {};
  const isAzure = new URL(endpoint).hostname.endsWith(".azure.com");
  return isAzure ? { "api-key": key } : { authorization: `Bearer ${key}` };
}

/** The address of a path below the endpoint; a query (Azure's `api-version`) stays behind it. */
function join(endpoint: string, path: string): URL {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}

function connectionFailure(entry: EndpointEntry, error: LoragError): Failure {
  const said = `: ${error.message}`;
  const cut = error.code === "LORAG_HTTP_CUT";
  if (cut || error.code === "LORAG_UNREACHABLE") {
    const what = cut ? "broke off in the middle of its answer" : `cannot be reached${said}`;
    const code = cut ? "LORAG_REPLY_CUT" : "LORAG_ENDPOINT_DOWN";
    const next =
      "Check that the server runs and look at its own log; answers so far are kept, so run the command again.";
    return new Failure(endpointError(entry, code, "unavailable", what, next, error), {
      mayPass: true,
    });
  }
  if (error.code !== "LORAG_HTTP_SLOW") return new Failure(error);
  // It may have been paid for: not again.
  const next = `Allow more than ${entry.timeout} s in \`timeout\`, or lower its \`concurrency\` (now ${entry.concurrency}).`;
  return new Failure(
    endpointError(entry, "LORAG_ENDPOINT_SLOW", "unavailable", `is too slow${said}`, next, error),
  );
}

/** The message in an error body, whatever its shape. */
function errorWords(text: string): string {
  try {
    const body = JSON.parse(text) as { error?: unknown; message?: unknown; detail?: unknown };
    const inner = body.error ?? body.message ?? body.detail ?? body;
    if (typeof inner === "string") return inner;
    const { message, code, param } = inner as Record<string, unknown>;
    const extra = [code, param].filter((value) => typeof value === "string" && value !== "");
    if (typeof message === "string") return [message, ...extra].join(" ");
    return JSON.stringify(inner);
  } catch {
    return /^\s*</.test(text) ? "an HTML page" : text.trim().replaceAll(/\s+/g, " ");
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
