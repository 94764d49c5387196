/** What the server says when it cannot do something: what happened, and what to do next. */
export class Problem extends Error {
  readonly code: string;
  readonly next: string;
  readonly status: number;

  constructor(detail: { code: string; message: string; next: string; status: number }) {
    super(detail.message);
    this.code = detail.code;
    this.next = detail.next;
    this.status = detail.status;
  }
}

/** Throws Problem, also where the server cannot be reached. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem({
      code: "unreachable",
      status: 0,
      message: "The server does not answer.",
      next: "See whether `lorag ui` still runs; this page goes on once it does.",
    });
  }
  if (response.ok) return response;
  throw await readProblem(response);
}

async function readProblem(response: Response): Promise<Problem> {
  const { status } = response;
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string; next: string } };
    return new Problem({ ...error, status });
  } catch {
    return new Problem({ code: "unreadable", status, message: `The server answered ${status}.`, next: "" });
  }
}

export async function get<Value>(path: string, signal?: AbortSignal): Promise<Value> {
  return (await send(path, signal ? { signal } : {})).json() as Promise<Value>;
}

const withJson = (method: string) =>
  async function <Value>(path: string, body: unknown = {}): Promise<Value> {
    const response = await send(path, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.json() as Promise<Value>;
  };

export const post = withJson("POST");
export const put = withJson("PUT");

export async function remove(path: string): Promise<void> {
  await send(path, { method: "DELETE" });
}

/** The path of something of a project. */
export const ofProject = (project: string, rest: string, query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query).toString();
  return `/api/projects/${encodeURIComponent(project)}/${rest}${search === "" ? "" : `?${search}`}`;
};
