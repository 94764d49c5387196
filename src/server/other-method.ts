import { ApiError } from "./api-error.ts";
import type { Route } from "./route.ts";

/** What a path is told that is there for other methods, and what OPTIONS is told; undefined where there is none. */
export function otherMethod(routes: readonly Route[], method: string, path: string): Response | undefined {
  const methods = routes.filter((row) => matches(row, path)).map((row) => row.method);
  if (methods.length === 0) return undefined;
  const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const message = `${path.slice(0, 100)} is not called with ${method.slice(0, 20)}: it takes ${allow}.`;
  const refused = new ApiError(405, "method_not_allowed", message).toResponse();
  refused.headers.set("allow", allow);
  return refused;
}

function matches({ path }: Route, asked: string): boolean {
  const pattern = path
    .replaceAll(".", "\\.")
    .replace("{model}", ".+")
    .replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(asked);
}
