import { LoragError } from "../contracts/index.ts";

/** An error as OpenAI's API tells it (https://platform.openai.com/docs/guides/error-codes). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { param?: string | null; retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = more.param ?? null;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }

  body(): { error: { message: string; type: string; param: string | null; code: string } } {
    return {
      error: { message: this.message, type: typeOf(this.status), param: this.param, code: this.code },
    };
  }

  toResponse(): Response {
    const wait = this.retryAfterSeconds;
    const headers = wait === undefined ? {} : { "retry-after": String(Math.ceil(wait)) };
    return Response.json(this.body(), { status: this.status, headers });
  }
}

function typeOf(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

/** Codes of faults of the request; the rest are faults here, of which a client is told no more than the code. */
const ofRequest: Record<string, [status: number, code: string]> = {
  LORAG_PROMPT_TOO_LONG: [400, "context_length_exceeded"],
  LORAG_SAMPLING: [400, "invalid_value"],
  LORAG_USAGE: [400, "invalid_value"],
  LORAG_SCHEMA: [400, "invalid_json_schema"],
  LORAG_UNKNOWN_ADAPTER: [404, "model_not_found"],
  LORAG_ADAPTER_MISMATCH: [409, "adapter_mismatch"],
  LORAG_NOT_TRAINED: [409, "model_not_ready"],
  LORAG_NOT_INDEXED: [409, "model_not_ready"],
};

/** Any error as the client may see it: no paths, stacks or secrets. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (!(error instanceof LoragError)) {
    return new ApiError(500, "internal_error", "Something went wrong in the server; its log says what.");
  }
  const known = ofRequest[error.code];
  if (known) return new ApiError(...known, `${error.message}. ${error.next}`);
  const code = error.code.toLowerCase();
  if (error.code.startsWith("LORAG_REPLY_")) {
    return new ApiError(502, code, "The model behind this server gave no usable answer.");
  }
  // The model's process is started anew.
  const isBusy = ["busy", "unavailable"].includes(error.kind) || error.code === "LORAG_WORKER_ENDED";
  const message = isBusy
    ? "The model is not available now; the server's log says why."
    : "Something went wrong in the server; its log says what.";
  return new ApiError(isBusy ? 503 : 500, code, message, isBusy ? { retryAfterSeconds: 5 } : {});
}
