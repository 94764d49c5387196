import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Route } from "../route.ts";

const error = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .meta({ id: "Error" });
const refused = { description: "Refused, and why", content: { "application/json": { schema: error } } };

/** The server's own description, made of its routes. */
export const openApiRoutes = (routes: () => readonly Route[]): Route[] => [
  {
    method: "GET",
    path: "/openapi.json",
    summary: "This description",
    returns: z.looseObject({ openapi: z.string() }),
    handle: () => Response.json(describe(routes())),
  },
];

function describe(routes: readonly Route[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const { method, path, summary, body, isUpload, returns, streams } of routes) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    const type = isUpload ? "multipart/form-data" : "application/json";
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        summary,
        ...(path === "/health" && { security: [] }),
        ...(names.length > 0 && {
          requestParams: { path: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) },
        }),
        ...(body && { requestBody: { required: true, content: { [type]: { schema: body } } } }),
        responses: {
          "200": { description: "Done", content: contentOf(returns, streams) },
          "4XX": refused,
          "5XX": refused,
        },
      },
    };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "lorag", version: "1", description: "OpenAI's API over a project of lorag." },
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    paths,
  });
}

const contentOf = (returns: Route["returns"], streams: boolean | undefined) => ({
  ...(typeof returns === "string"
    ? { [returns]: { schema: z.string() } }
    : { "application/json": { schema: returns } }),
  // A reader of it sees event by event.
  ...(streams && {
    "text/event-stream": { schema: z.looseObject({ event: z.string().optional(), data: z.string() }) },
  }),
});
