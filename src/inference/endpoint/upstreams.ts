/** One try at one address. */
export interface Try {
  address: string;
  /** Tells whether it worked; undefined where the caller left before that was known. */
  end(worked: boolean | undefined): void;
}

/** Addresses that serve the same model. */
export interface Upstreams {
  /** Of the addresses that work, the one with the fewest tries under way; where none does, the one that may soonest. */
  take(): Try;
  /** Whether an address that works can be tried at once in place of one that failed. */
  readonly hasOther: boolean;
}

/** An address that failed is left alone for so long at first, and twice as long each further time. */
const firstPauseMs = 500;
const mostPauseMs = 30_000;

/**
 * A circuit breaker for each address (https://martinfowler.com/bliki/CircuitBreaker.html): it opens when a try fails;
 * after its pause one try finds out whether the address works again.
 */
export function createUpstreams(addresses: readonly string[], now = () => performance.now()): Upstreams {
  const all = addresses.map((address) => ({ address, busy: 0, failures: 0, pausedUntil: 0, last: 0 }));
  let turn = 0;
  const works = ({ failures, busy, pausedUntil }: (typeof all)[number]): boolean =>
    failures === 0 || (busy === 0 && pausedUntil <= now());
  return {
    get hasOther() {
      return all.length > 1 && all.some(works);
    },
    take() {
      const working = all.filter(works);
      const [chosen] =
        working.length > 0
          ? working.sort((a, b) => a.busy - b.busy || a.failures - b.failures || a.last - b.last)
          : [...all].sort((a, b) => a.pausedUntil - b.pausedUntil);
      chosen!.busy++;
      chosen!.last = ++turn;
      return {
        address: chosen!.address,
        end(worked) {
          chosen!.busy--;
          if (worked === undefined) return;
          chosen!.failures = worked ? 0 : chosen!.failures + 1;
          const pause = Math.min(mostPauseMs, firstPauseMs * 2 ** (chosen!.failures - 1));
          chosen!.pausedUntil = worked ? 0 : now() + pause;
        },
      };
    },
  };
}
