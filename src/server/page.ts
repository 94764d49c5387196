import { ApiError } from "./api-error.ts";

/**
 * A list as OpenAI's API gives it in pages: `limit` of them, those after the id `after` or before the id `before`, in the
 * `order` asc or desc. `items` are newest first. Throws ApiError 400.
 */
export function page(
  items: readonly { id: string }[],
  query: URLSearchParams,
  { usual, most } = { usual: 20, most: 100 },
): Response {
  const limit = readLimit(query.get("limit"), usual, most);
  const ordered = readOrder(query.get("order")) === "asc" ? items.toReversed() : items;
  const after = place(ordered, query, "after");
  const before = place(ordered, query, "before");
  const start = after === undefined ? 0 : after + 1;
  const end = before ?? ordered.length;
  // Before an id, the page is the one that ends there.
  const isBackward = before !== undefined && after === undefined;
  const data = isBackward
    ? ordered.slice(Math.max(0, end - limit), end)
    : ordered.slice(start, end).slice(0, limit);
  return Response.json({
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: Math.max(0, end - start) > data.length,
  });
}

function readLimit(text: string | null, usual: number, most: number): number {
  if (text === null) return usual;
  const limit = Number(text);
  if (text !== "" && Number.isInteger(limit) && limit >= 1) return Math.min(limit, most);
  throw wrong("limit", `must be a whole number from 1 to ${most}`, text);
}

function readOrder(text: string | null): string {
  if (text === null || text === "asc" || text === "desc") return text ?? "desc";
  throw wrong("order", "must be asc or desc", text);
}

/** A page that began anew after an id that is gone would never end. */
function place(items: readonly { id: string }[], query: URLSearchParams, name: string): number | undefined {
  const id = query.get(name);
  if (id === null) return undefined;
  const index = items.findIndex((item) => item.id === id);
  if (index >= 0) return index;
  throw wrong(name, "must be the id of one that is in the list", id);
}

const wrong = (param: string, what: string, value: string): ApiError =>
  new ApiError(400, "invalid_value", `\`${param}\` ${what}; it is ${JSON.stringify(value.slice(0, 100))}.`, {
    param,
  });
