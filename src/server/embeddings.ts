import { ApiError } from "./api-error.ts";
import type { EmbeddingOrder } from "./read-request.ts";

/** Vectors as OpenAI's API gives them: lists of numbers, or little-endian float32 in base64. Throws ApiError. */
export function embeddingResponse(order: EmbeddingOrder, vectors: readonly Float32Array[]): Response {
  const size = vectors[0]!.length;
  if (order.dimensions !== undefined && order.dimensions !== size) {
    throw new ApiError(400, "invalid_value", `The model's vectors have ${size} dimensions and no others.`, {
      param: "dimensions",
    });
  }
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: order.isBase64
      ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64")
      : Array.from(vector),
  }));
  // About: four characters make a token.
  const tokens = order.texts.reduce((total, text) => total + Math.ceil(text.length / 4), 0);
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return Response.json({ object: "list", data, model: order.model, usage });
}
