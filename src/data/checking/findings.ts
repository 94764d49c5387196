import { dataChecks, type DataCheck, type DataFinding } from "../../contracts/index.ts";

/** Of one check, where nobody asks for more. */
const most = 10_000;

/** What checks found: all of it is counted, and so much kept that a report of millions of examples can be read. */
export class Findings {
  readonly kept = forEach((): DataFinding[] => []);
  readonly counts = forEach(() => 0);
  readonly #whole: ReadonlySet<DataCheck>;

  /** `whole`: of these checks all findings are kept. */
  constructor(whole: readonly DataCheck[] = []) {
    this.#whole = new Set(whole);
  }

  add(check: DataCheck, ids: string[], detail: string): void {
    this.counts[check]++;
    const findings = this.kept[check];
    if (findings.length < most || this.#whole.has(check)) findings.push({ ids, detail });
  }
}

const forEach = <Value>(make: () => Value): Record<DataCheck, Value> =>
  Object.fromEntries(dataChecks.map((check) => [check, make()])) as Record<DataCheck, Value>;
