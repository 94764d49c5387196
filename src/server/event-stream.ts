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
  const encoder = new TextEncoder();
  let left = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const put = (text: string): void => {
        if (!left) controller.enqueue(encoder.encode(`data: ${text}\n\n`));
      };
      try {
        await write((value) => put(JSON.stringify(value)));
        put("[DONE]");
      } catch (error) {
        if (!left) onError(error);
        put(JSON.stringify(toApiError(error).body()));
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
