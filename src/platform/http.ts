import { LoragError } from "../contracts/index.ts";

export interface HttpRequest {
  url: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds until the response's headers must be there. */
  connectMs?: number;
}

/**
 * A GET whose response is OK (2xx); redirects are followed. Throws LORAG_UNREACHABLE when no answer comes,
 * LORAG_HTTP_NOT_FOUND on 404, LORAG_HTTP_REFUSED on 401 and 403, LORAG_HTTP_RANGE on 416, LORAG_HTTP_STATUS on
 * the rest.
 */
export async function openUrl(request: HttpRequest): Promise<Response> {
  const url = parseUrl(request.url);
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), request.connectMs ?? 10_000);
  try {
    const signals = request.signal ? [request.signal, timer.signal] : [timer.signal];
    // The body is read after this function returns, so only the caller's signal may outlive it.
    const response = await fetch(url, {
      headers: { "user-agent": "lorag", "accept-encoding": "identity", ...request.headers },
      signal: AbortSignal.any(signals),
    });
    if (response.ok) return response;
    await response.body?.cancel();
    throw statusError(url, response.status);
  } catch (error) {
    if (error instanceof LoragError) throw error;
    request.signal?.throwIfAborted();
    throw unreachable(url, error);
  } finally {
    clearTimeout(timeout);
  }
}

export interface JsonRequest extends HttpRequest {
  maxBytes?: number;
  /** Milliseconds until the whole body must be there. */
  bodyMs?: number;
}

/** The JSON behind a URL. Throws as `openUrl` does, and LORAG_HTTP_BODY for a body that is late, over `maxBytes` or not JSON. */
export async function fetchJson(request: JsonRequest): Promise<unknown> {
  const late = new AbortController();
  const signals = request.signal ? [request.signal, late.signal] : [late.signal];
  const response = await openUrl({ ...request, signal: AbortSignal.any(signals) });
  const maxBytes = request.maxBytes ?? 16 * 2 ** 20;
  const bodyMs = request.bodyMs ?? 30_000;
  const timer = setTimeout(() => late.abort(new RangeError(`it took over ${bodyMs / 1_000} s`)), bodyMs);
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of response.body ?? []) {
      size += piece.byteLength;
      if (size > maxBytes) throw new RangeError(`it is longer than ${maxBytes} bytes`);
      pieces.push(piece);
    }
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch (cause) {
    request.signal?.throwIfAborted();
    throw new LoragError({
      code: "LORAG_HTTP_BODY",
      kind: "unavailable",
      message: `The answer of ${request.url} is not usable JSON: ${String(cause).slice(0, 100)}`,
      next: "Check that the address is right and that no proxy or login page answers in its place.",
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === "https:" || url.protocol === "http:") && !url.username) return url;
  throw new LoragError({
    code: "LORAG_BAD_URL",
    kind: "usage",
    message: `${JSON.stringify(text)} is not an http or https address`,
    next: "Give an address that starts with https:// and holds no user name.",
  });
}

function unreachable(url: URL, cause: unknown): LoragError {
  return new LoragError({
    code: "LORAG_UNREACHABLE",
    kind: "unavailable",
    message: `${url.host} cannot be reached (${reasonOf(cause)})`,
    next: "Check the network connection, then run the command again.",
    cause,
  });
}

/** For a body that ended, or stood still, before it was whole. */
export function brokenOff(url: string, cause: unknown): LoragError {
  return new LoragError({
    code: "LORAG_HTTP_CUT",
    kind: "unavailable",
    message: `${new URL(url).host} broke off in the middle of a file (${reasonOf(cause)})`,
    next: "Check the network connection, then run the command again: it goes on where the file broke off.",
    cause,
  });
}

const reasonOf = (cause: unknown): string =>
  (cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)).slice(
    0,
    200,
  );

function statusError(url: URL, status: number): LoragError {
  const [code, next]: [`LORAG_${string}`, string] =
    status === 404
      ? ["LORAG_HTTP_NOT_FOUND", "Check the name for typing errors."]
      : status === 401 || status === 403
        ? ["LORAG_HTTP_REFUSED", "Check the name, and set HF_TOKEN if the model needs an account."]
        : [
            status === 416 ? "LORAG_HTTP_RANGE" : "LORAG_HTTP_STATUS",
            "Wait a little, then run the command again.",
          ];
  return new LoragError({
    code,
    kind: status === 404 ? "missing" : "unavailable",
    message: `${url.host} answered ${status} for ${url.pathname}`,
    next,
  });
}
