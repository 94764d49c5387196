import type { ServedAnswer, ServedRequest } from "../contracts/index.ts";
import { watchOver } from "./deadlines.ts";
import type { ServerParts } from "./route.ts";

export interface Asking extends Omit<ServedRequest, "signal"> {
  /** Aborted by who no longer wants the answer, and where a deadline passes. */
  stop: AbortController;
  /** When the request's own work began, by performance.now(): latencies count from there. */
  began: number;
}

/** Asks the service within the deadlines, and counts the answer. Throws ApiError 504, and what the service throws. */
export async function askService(
  { service, metrics, deadlines }: ServerParts,
  model: string,
  { stop, began, onText, ...request }: Asking,
): Promise<ServedAnswer> {
  let firstAt: number | undefined;
  const watch = watchOver(deadlines, onText !== undefined, stop);
  const hear = (text: string): void => {
    firstAt ??= performance.now();
    watch.heard();
    onText?.(text);
  };
  let version = model;
  const asked = service.answer(model, {
    ...request,
    signal: stop.signal,
    onVersion: (id) => (version = id),
    ...(onText && { onText: hear }),
  });
  const answer = await asked
    .finally(() => watch.end())
    .catch((error: unknown) => {
      metrics.failed(version);
      throw error;
    });
  watch.check();
  const now = performance.now();
  metrics.answered(version, answer.usage, (firstAt ?? now) - began, now - began);
  return answer;
}
