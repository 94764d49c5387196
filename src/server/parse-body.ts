import type { z } from "zod";
import { ApiError } from "./api-error.ts";

/** A body as its schema reads it. Throws ApiError 400 that names the first field that is wrong. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue!.path.join(".") || null;
  throw new ApiError(400, "invalid_value", `${param ? `\`${param}\`` : "The body"}: ${issue!.message}`, {
    param,
  });
}
