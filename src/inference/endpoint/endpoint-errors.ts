import { LoragError, type EndpointEntry, type ErrorKind } from "../../contracts/index.ts";
import { counted } from "../../text/index.ts";
import { nearestNames } from "./same-model.ts";

/** A request that failed: what is told, and whether it may be sent again. */
export class Failure extends Error {
  readonly error: LoragError;
  readonly mayPass: boolean;
  readonly askedWaitMs: number | undefined;
  /** What the server said, where it refused the request. */
  readonly refusal: { status: number; said: string } | undefined;

  constructor(
    error: LoragError,
    more: { mayPass?: boolean; askedWaitMs?: number | undefined; refusal?: Failure["refusal"] } = {},
  ) {
    super(error.message);
    this.error = error;
    this.mayPass = more.mayPass ?? false;
    this.askedWaitMs = more.askedWaitMs;
    this.refusal = more.refusal;
  }
}

/** Which model, and where: `qwen3:8b at http://127.0.0.1:11434/v1`. */
export function nameOf({ model, endpoint }: Pick<EndpointEntry, "model" | "endpoint">): string {
  const { origin, pathname } = new URL(endpoint);
  return `${model} at ${origin}${pathname.replace(/\/+$/, "")}`;
}

type Code = `LORAG_${"ENDPOINT" | "REPLY"}_${string}` | "LORAG_PROMPT_TOO_LONG";

export function endpointError(
  entry: EndpointEntry,
  code: Code,
  kind: ErrorKind,
  what: string,
  next: string,
  cause?: unknown,
): LoragError {
  const detail = { code, kind, message: `The model ${nameOf(entry)} ${what}`, next };
  return new LoragError({ ...detail, ...(cause !== undefined && { cause }) });
}

const inWords = (ms: number): string => {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 120 ? counted(minutes, "minute") : counted(Math.ceil(minutes / 60), "hour");
};

/** What a status other than 2xx says. `said` is the server's own message, free of the key; `models` what it has; `waitMs` how long it
 * asked to be left alone, where that is longer than it is waited for. */
export function statusError(
  entry: EndpointEntry,
  status: number,
  said: string,
  { models, waitMs }: { models?: readonly string[] | undefined; waitMs?: number | undefined } = {},
): LoragError {
  const words = colon(said);
  const often = waitMs === undefined ? "again and again" : `and asks to wait for ${inWords(waitMs)}`;
  const fail = (code: Code, kind: ErrorKind, what: string, next: string): LoragError =>
    endpointError(entry, code, kind, what, next);
  const key = entry.api_key_env;
  if (status >= 300 && status < 400) {
    return fail(
      "LORAG_ENDPOINT_ADDRESS",
      "config",
      `is elsewhere: the endpoint answered ${status}${words}`,
      "Put the address it moved to into `endpoint`.",
    );
  }
  if (status === 401 || status === 403) {
    return fail(
      "LORAG_ENDPOINT_REFUSED",
      "config",
      `was refused with ${status}${words}`,
      key
        ? `Check that the environment variable ${key} holds a key that may use this model.`
        : "Name the environment variable that holds the key in `api_key_env`.",
    );
  }
  if (status === 429) {
    return /quota|credit|billing|balance/i.test(said)
      ? fail(
          "LORAG_ENDPOINT_QUOTA",
          "unavailable",
          `has no quota left${words}`,
          "Top up the account; answers so far are kept, so run the command again then.",
        )
      : fail(
          "LORAG_ENDPOINT_BUSY",
          "unavailable",
          `answered 429, too many requests, ${often}${words}`,
          `Lower its \`concurrency\` (now ${entry.concurrency}) or wait; answers so far are kept, so run the command again.`,
        );
  }
  if (/content[ _](?:filter|management)|safety/i.test(said)) return filtered(entry, words);
  if (status < 500 && isTooLong(said)) {
    return fail(
      "LORAG_PROMPT_TOO_LONG",
      "data",
      `has no room for the prompt and its answer${words}`,
      "Shorten the messages, or retrieve fewer or shorter passages.",
    );
  }
  if (status === 404 || (status === 400 && /model/i.test(said) && models && !models.includes(entry.model))) {
    return unknownModel(entry, status, said, models);
  }
  if (status >= 500 || status === 408 || status === 409) {
    return fail(
      "LORAG_ENDPOINT_FAILED",
      "unavailable",
      `answered ${status} ${often}${words}`,
      "Look at the server's own log; answers so far are kept, so run the command again once it works.",
    );
  }
  return fail(
    "LORAG_ENDPOINT_REQUEST",
    "config",
    `does not take the request: it answered ${status}${words}`,
    "Check `model` and `body` of its entry in `models`.",
  );
}

/** An error that a server sends in a reply it had begun with status 200. */
export function errorInReply(
  entry: EndpointEntry,
  error: unknown,
  redact: (text: string) => string,
): Failure {
  const { message, code } = (typeof error === "object" ? error : { message: error }) as Record<
    string,
    unknown
  >;
  const said = redact(String(message ?? JSON.stringify(error)));
  const status = Number(code);
  if (status >= 400 && status < 500 && status !== 429) return new Failure(statusError(entry, status, said));
  const next = "Look at the server's own log.";
  const what = `failed in the middle of its answer: ${inQuotes(said)}`;
  return new Failure(endpointError(entry, "LORAG_REPLY_CUT", "unavailable", what, next), { mayPass: true });
}

export function filtered(entry: EndpointEntry, words = ""): LoragError {
  return endpointError(
    entry,
    "LORAG_REPLY_FILTERED",
    "data",
    `gave no answer: its content filter stopped it${words}`,
    "Reword the question, or choose a model with another filter.",
  );
}

export function unknownModel(
  entry: EndpointEntry,
  status: number,
  said: string,
  models: readonly string[] | undefined,
): LoragError {
  const what = `is not there: the endpoint answered ${status}${colon(said)}`;
  const near = nearestNames(entry.model, models ?? []);
  const more = near.length > 10 ? ` and ${near.length - 10} more` : "";
  const next =
    near.length > 0
      ? `The endpoint has ${near.slice(0, 10).join(", ")}${more}: put one into \`model\`.`
      : "Check `model`, and whether the address in `endpoint` must end with /v1.";
  return endpointError(entry, "LORAG_ENDPOINT_MODEL", "config", what, next);
}

const isTooLong = (said: string): boolean =>
  /context[ _](?:length|window|size)|maximum context|too many tokens|prompt is too long/i.test(said);

const colon = (said: string): string => (said === "" ? "" : `: ${inQuotes(said)}`);

const inQuotes = (text: string): string => JSON.stringify(text.slice(0, 300));
