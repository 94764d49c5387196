import type { Usage } from "./messages.ts";

/** What kind of trouble an error is; decides the process exit code (BSD sysexits where one fits). */
export const exitCodes = {
  internal: 1,
  usage: 2,
  data: 65,
  missing: 66,
  unavailable: 69,
  io: 74,
  busy: 75,
  config: 78,
  interrupted: 130,
} as const;

export type ErrorKind = keyof typeof exitCodes;

export interface ErrorDetail {
  /** Stable, for programs: `LORAG_` and upper-case words. */
  code: `LORAG_${string}`;
  kind: ErrorKind;
  /** What happened, with the offending value. One sentence, no code. */
  message: string;
  /** What the reader should do next. */
  next: string;
  cause?: unknown;
  /** Of a request to an endpoint: what had been used and paid when it failed. */
  paid?: Paid;
}

export interface Paid {
  usage: Usage;
  cost: number;
}

/** The one error type that crosses a room's door. */
export class LoragError extends Error {
  readonly code: `LORAG_${string}`;
  readonly kind: ErrorKind;
  readonly next: string;
  readonly paid: Paid | undefined;

  constructor(detail: ErrorDetail) {
    super(detail.message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "LoragError";
    this.code = detail.code;
    this.kind = detail.kind;
    this.next = detail.next;
    this.paid = detail.paid;
  }

  /** The same error, of a request that had been paid for. */
  afterPaying(paid: Paid): LoragError {
    return new LoragError({ ...this.toPlain(), cause: this.cause, paid });
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }

  /** A plain value that survives a worker boundary or JSON; `fromPlain` is the way back. */
  toPlain(): PlainError {
    return { code: this.code, kind: this.kind, message: this.message, next: this.next };
  }

  static fromPlain(plain: PlainError): LoragError {
    return new LoragError(plain);
  }
}

export type PlainError = Omit<ErrorDetail, "cause" | "paid">;

/** A value as JSON for an error message, at most 200 characters of it; nesting may be deeper than JSON.stringify goes. */
export function inBrief(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? "nothing").slice(0, 200);
  } catch {
    return "a value nested too deep to show";
  }
}
