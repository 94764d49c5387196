import { setTimeout as sleep } from "node:timers/promises";
import { readEventLines, type Project } from "../../pipeline/index.ts";

const lookMs = 100;
/** A proxy or a sleeping machine may have cut the line: something is said now and then. */
const quietMs = 15_000;

/**
 * What a run tells, as server-sent events, from the first on or from after the event `after`, until the client leaves. An
 * event's id is the byte in the record at which the next one begins, so that it is good after a restart too.
 */
export function streamRun(
  project: Project,
  id: string,
  after: string | undefined,
  signal: AbortSignal,
): Response {
  const encoder = new TextEncoder();
  let left = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      let next = /^\d{1,15}$/.test(after ?? "") ? Number(after) : 0;
      let saidAt = performance.now();
      controller.enqueue(encoder.encode("retry: 1000\n\n"));
      while (!left && !signal.aborted) {
        const read = await readEventLines(project, id, next).catch(() => undefined);
        if (read === undefined) break;
        const { lines } = read;
        let text = "";
        for (const line of lines) {
          next += Buffer.byteLength(line) + 1;
          text += `id: ${next}\ndata: ${line}\n\n`;
        }
        next = read.next;
        if (text === "" && performance.now() - saidAt > quietMs) text = ": still here\n\n";
        if (text !== "" && !left) {
          controller.enqueue(encoder.encode(text));
          saidAt = performance.now();
        }
        await sleep(lookMs);
      }
      if (!left) controller.close();
    },
    cancel() {
      left = true;
    },
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" },
  });
}
