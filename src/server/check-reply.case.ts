import type { Handler } from "./handler.ts";
import type { Route } from "./route.ts";

/** Answers as the handler does, and throws where a reply is not what /openapi.json says of its route. */
export function checkReplies({ handle, routes }: Handler): Handler["handle"] {
  return async (request) => {
    const response = await handle(request);
    if (response.status !== 200) return response;
    const path = new URL(request.url).pathname.replaceAll(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
    const route = routes.find((row) => row.method === request.method && isOf(row, path));
    if (!route) throw new Error(`${request.method} ${path} is no route`);
    const type = response.headers.get("content-type") ?? "";
    if (route.streams && type.startsWith("text/event-stream")) return response;
    const { returns } = route;
    if (typeof returns === "string") {
      if (!type.startsWith(returns)) throw new Error(`${path} answers as ${type}, not ${returns}`);
      return response;
    }
    const text = await response.text();
    returns.parse(JSON.parse(text));
    return new Response(text, { status: response.status, headers: response.headers });
  };
}

const isOf = ({ path }: Route, called: string): boolean =>
  new RegExp(`^${path.replace("{model}", ".+").replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(called);
