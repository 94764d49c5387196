import { toApiError } from "./api-error.ts";

/**
 * A response of server-sent events, each the JSON of a value. `write` gets `send`, and what it throws before anything is
 * sent is thrown here, so that it can be answered with a status of its own; after that it is the last event, as OpenAI's
 * errors are. A client that leaves aborts `stop`.
 */
export function eventStream(
  write: (send: (value: unknown) => void) => Promise<void>,
  stop: AbortController,
  onError: (error: unknown) => void,
): Promise<Response> {
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
): Promise<Response> {
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

async function streamOf(
  write: (put: (text: string) => void) => Promise<void>,
  { end, fault }: { end: string; fault: (body: ErrorBody) => string },
  stop: AbortController,
  onError: (error: unknown) => void,
): Promise<Response> {
  const encoder = new TextEncoder();
  let left = false;
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: () => {
      left = true;
      stop.abort();
    },
  });
  let begin!: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const put = (text: string): void => {
    if (left || text === "") return;
    controller.enqueue(encoder.encode(text));
    begin();
  };
  const comment = setInterval(() => put(": still at work\n\n"), quietMs).unref();
  const written = write(put).finally(() => clearInterval(comment));
  await Promise.race([begun, written]);
  void written
    .then(
      () => put(end),
      (error: unknown) => {
        if (!left) onError(error);
        put(fault(toApiError(error).body()));
      },
    )
    .then(() => {
      if (!left) controller.close();
    });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      // nginx would gather it otherwise.
      "x-accel-buffering": "no",
    },
  });
}
