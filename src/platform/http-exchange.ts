import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { LoragError } from "../contracts/index.ts";

export interface HttpExchange {
  method: "GET" | "POST";
  url: URL;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  limits: HttpLimits;
  /** How the host's name becomes an address. The connection is then not shared with other exchanges. */
  lookup?: LookupFunction;
  /** Never sent a second time: over a connection of its own, which cannot have been closed before. */
  once?: true;
}

/** Milliseconds, each counted from the start but `idleMs`, and the size of the body. */
export interface HttpLimits {
  /** Until the connection stands. */
  connectMs: number;
  /** Until the first piece of the body. */
  firstByteMs: number;
  /** Between two pieces of the body. */
  idleMs: number;
  /** Until the body is whole. */
  totalMs: number;
  maxBytes: number;
}

export interface HttpReply {
  status: number;
  headers: IncomingMessage["headers"];
  /** To be read once. Throws LORAG_HTTP_SLOW, LORAG_HTTP_CUT, LORAG_HTTP_LONG. */
  body: AsyncIterable<Uint8Array>;
  /** Ends the exchange; the rest of the body is not read. */
  cancel(): void;
}

const agents = { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) };

/**
 * One request over a connection that is kept for the next. Redirects are not followed: they would carry the headers
 * elsewhere. Throws LORAG_UNREACHABLE, LORAG_HTTP_SLOW, and the signal's reason when it is aborted.
 */
export async function httpExchange(exchange: HttpExchange): Promise<HttpReply> {
  const { url, limits } = exchange;
  try {
    return await open(exchange).catch((error: unknown) => {
      // The server may have closed a kept connection while the request was on its way.
      if (error instanceof StaleConnection) return open(exchange);
      throw error;
    });
  } catch (error) {
    throw error instanceof LoragError || exchange.signal?.aborted ? error : unreachable(url, error, limits);
  }
}

class StaleConnection extends Error {}

function open({
  method,
  url,
  headers,
  body,
  signal,
  limits,
  lookup,
  once,
}: HttpExchange): Promise<HttpReply> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(url, {
      method,
      ...(lookup && { lookup }),
      ...(lookup || once ? { agent: false } : { agent: agents[url.protocol as keyof typeof agents] }),
      headers: {
        "user-agent": "lorag",
        "accept-encoding": "identity",
        ...headers,
        ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
      },
    });
    let reason: Error | undefined;
    const end = (error: Error): void => {
      reason ??= error;
      request.destroy(error);
    };
    const onAbort = (): void => end(signal!.reason as Error);
    signal?.addEventListener("abort", onAbort, { once: true });
    const late = (ms: number, what: string) => setTimeout(() => end(slow(url, what, ms)), ms);
    const connect = late(limits.connectMs, "to connect");
    const firstByte = late(limits.firstByteMs, "until its answer began");
    const total = late(limits.totalMs, "until its answer was whole");
    request.on("socket", (socket) => {
      const ready = (): void => clearTimeout(connect);
      if (socket.connecting) socket.once(url.protocol === "https:" ? "secureConnect" : "connect", ready);
      else ready();
    });
    request.once("close", () => {
      for (const timer of [connect, firstByte, total]) clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(stale ? new StaleConnection("", { cause: error }) : error);
    });
    request.once("response", (response) => {
      const onFirst = (): void => clearTimeout(firstByte);
      const pieces = readBody({ url, response, limits, onFirst, end, reason: () => reason });
      resolve({
        status: response.statusCode!,
        headers: response.headers,
        body: pieces,
        // After the end its connection may already serve another.
        cancel: () => {
          if (!response.complete) request.destroy();
        },
      });
    });
    request.end(body);
  });
}

interface BodyReading {
  url: URL;
  response: IncomingMessage;
  limits: HttpLimits;
  onFirst: () => void;
  /** Ends the exchange for a reason, and the reason it was ended for. */
  end: (error: Error) => void;
  reason: () => Error | undefined;
}

async function* readBody(reading: BodyReading): AsyncGenerator<Uint8Array> {
  const { url, response, onFirst, end } = reading;
  const { idleMs, maxBytes } = reading.limits;
  let size = 0;
  let idle: NodeJS.Timeout | undefined;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      if (size === 0) onFirst();
      size += piece.byteLength;
      if (size > maxBytes) throw tooLong(url, maxBytes);
      clearTimeout(idle);
      yield piece;
      idle = setTimeout(() => end(slow(url, "between two pieces of its answer", idleMs)), idleMs);
    }
  } catch (error) {
    if (error instanceof LoragError) throw error;
    throw reading.reason() ?? cutOff(url, error);
  } finally {
    clearTimeout(idle);
    onFirst();
  }
}

const hostOf = (url: URL): string => `${url.protocol}//${url.host}`;

function unreachable(url: URL, cause: unknown, limits: HttpLimits): LoragError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new LoragError({
    code: "LORAG_UNREACHABLE",
    kind: "unavailable",
    message: `${hostOf(url)} cannot be reached (${(code ?? message ?? String(cause)).slice(0, 200)})`,
    next: `Check that the server runs, and that the address is right. It is given ${limits.connectMs / 1000} s to connect.`,
    cause,
  });
}

function slow(url: URL, what: string, ms: number): LoragError {
  return new LoragError({
    code: "LORAG_HTTP_SLOW",
    kind: "unavailable",
    message: `${hostOf(url)} took over ${ms / 1000} s ${what}`,
    next: "Check the server's load, or allow more time.",
  });
}

function cutOff(url: URL, cause: unknown): LoragError {
  return new LoragError({
    code: "LORAG_HTTP_CUT",
    kind: "unavailable",
    message: `${hostOf(url)} broke off in the middle of its answer`,
    next: "Run the command again; check the server's own log if it happens again.",
    cause,
  });
}

function tooLong(url: URL, maxBytes: number): LoragError {
  return new LoragError({
    code: "LORAG_HTTP_LONG",
    kind: "unavailable",
    message: `The answer of ${hostOf(url)} is longer than ${maxBytes} bytes`,
    next: "Check that the address is right.",
  });
}
