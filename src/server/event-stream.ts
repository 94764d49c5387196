import { toApiError } from "./api-error.ts";

/**
 * A response of server-sent events, each the JSON of a value. `write` gets `send`; what it throws is the last event, as
 * OpenAI's errors are. A client that leaves aborts `stop`.
 */
export function eventStream(
  write: (send: (value: unknown) => void) => Promise<void>,
  stop: AbortController,
  onError: (error: unknown) => void,
): Response {
  return streamOf(
    (put) => write((value) => put(`data: ${JSON.stringify(value)}\n\n`)),
    { end: "data: [DONE]\n\n", fault: (body) => `data: ${JSON.stringify(body)}\n\n` },
    stop,
    onError,
  );
}

/** The same of events that have a name, their type, as those of responses. */
export function namedEvents(
  write: (send: (value: { type: string } & Record<string, unknown>) => void) => Promise<void>,
  stop: AbortController,
  onError: (error: unknown) => void,
): Response {
  const named = (value: { type: string } & Record<string, unknown>): string =>
    `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
  return streamOf(
    (put) => write((value) => put(named(value))),
    { end: "", fault: ({ error }) => named({ ...error, type: "error" }) },
    stop,
    onError,
  );
}

/** Proxies close a connection on which nothing is sent for a while: a prompt may take longer to read. */
const quietMs = 15_000;

type ErrorBody = ReturnType<ReturnType<typeof toApiError>["body"]>;

function streamOf(
  write: (put: (text: string) => void) => Promise<void>,
  { end, fault }: { end: string; fault: (body: ErrorBody) => string },
  stop: AbortController,
  onError: (error: unknown) => void,
): Response {
  const encoder = new TextEncoder();
  let left = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const put = (text: string): void => {
        if (!left && text !== "") controller.enqueue(encoder.encode(text));
      };
      const comment = setInterval(() => put(": still at work\n\n"), quietMs).unref();
      try {
        await write(put);
        put(end);
      } catch (error) {
        if (!left) onError(error);
        put(fault(toApiError(error).body()));
      } finally {
        clearInterval(comment);
      }
      if (!left) controller.close();
    },
    cancel() {
      left = true;
      stop.abort();
    },
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
  });
}
