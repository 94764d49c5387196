/** How long failures are borne with. */
export interface Patience {
  /** Most tries of one request. */
  tries: number;
  /** The second try comes after about this, each further one after twice as long. */
  firstWaitMs: number;
  /** Longest wait; an endpoint that asks for a longer one is not asked again. */
  mostWaitMs: number;
}

export const usualPatience: Patience = { tries: 6, firstWaitMs: 500, mostWaitMs: 60_000 };

/** Statuses after which the same request may well succeed. */
export const mayPass = (status: number): boolean =>
  status === 408 || status === 409 || status === 429 || status >= 500;

/** What the server asks for, by `retry-after-ms` or `Retry-After` (seconds or a date, RFC 9110 10.2.3), in milliseconds. */
export function askedWaitMs(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  now: number,
): number | undefined {
  const exact = Number.parseFloat(String(headers["retry-after-ms"]));
  if (exact >= 0) return exact;
  const asked = headers["retry-after"];
  if (typeof asked !== "string") return undefined;
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(asked)) return Number(asked) * 1000;
  const date = Date.parse(asked);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Milliseconds to wait after the `tried`th try, undefined to give up. Without a wish of the server's, waits double, and
 * vary by half so that requests which failed together do not come back together. `random` is from 0 to 1.
 */
export function waitBeforeRetry(
  tried: number,
  askedMs: number | undefined,
  patience: Patience,
  random: number,
): number | undefined {
  if (tried >= patience.tries) return undefined;
  if (askedMs !== undefined) {
    return askedMs > patience.mostWaitMs ? undefined : askedMs + random * patience.firstWaitMs;
  }
  return Math.min(patience.mostWaitMs, patience.firstWaitMs * 2 ** (tried - 1)) * (0.5 + random / 2);
}
