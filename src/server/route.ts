import type { z } from "zod";
import type { ApiKey, ServedModel, Service } from "../contracts/index.ts";
import type { Admission } from "./admission.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Metrics } from "./metrics.ts";

/** One way to call the server. The tables in routes/ hold them all: a new one is a row. */
export interface Route {
  method: "GET" | "POST" | "DELETE";
  /** As OpenAPI writes it: `/v1/files/{id}`. */
  path: string;
  summary: string;
  /** What a response of 200 holds: JSON of a schema, or bytes of a media type. */
  returns: z.ZodType | string;
  /** Where the body asks for it, the response is server-sent events. */
  streams?: true;
  /** Of the JSON body; one that it does not fit is refused. Absent where there is none. */
  body?: z.ZodType;
  /** The body is a form with a file. */
  isUpload?: true;
  handle(call: Call): Promise<Response> | Response;
}

/** One request that has passed the guard. */
export interface Call {
  request: Request;
  /** Values of the path's `{names}`, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** As the route's schema gave it. */
  body: unknown;
  /** Whose call it is. */
  key: ApiKey;
}

/** What routes are made from. */
export interface ServerParts {
  service: Service;
  admission: Admission;
  metrics: Metrics;
  deadlines: Deadlines;
  /** The model of a name, as the key may see it. Throws ApiError 404 with the nearest names. */
  findModel(id: string, key: ApiKey): Promise<ServedModel>;
  /** Hears of what clients are not told. */
  onError: (error: unknown) => void;
}

/** A row whose handler knows the type of its body. */
export function route<Schema extends z.ZodType>(
  row: Omit<Route, "body" | "handle"> & {
    body: Schema;
    handle(call: Call & { body: z.output<Schema> }): Promise<Response> | Response;
  },
): Route {
  return { ...row, handle: (call) => row.handle(call as Call & { body: z.output<Schema> }) };
}
