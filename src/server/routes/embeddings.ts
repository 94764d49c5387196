import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { route, type Call, type Route, type ServerParts } from "../route.ts";
import { wrongKind } from "./generation.ts";
import { dot } from "../../vectors/index.ts";
import { embeddingReply, rerankReply } from "../replies.ts";

const notEmpty = "must not be empty";
const embeddingBody = z.looseObject({
  model: z.string(),
  input: z.union(
    [
      z.string().min(1, notEmpty),
      z.array(z.string().min(1, notEmpty)).min(1).max(2048),
      z.array(z.int()).min(1),
      z.array(z.array(z.int())).min(1),
    ],
    { error: "must be a text, or a list of 1 to 2,048 texts, of which none is empty" },
  ),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.int().min(1).nullish(),
});

/** As Cohere and Jina have it (https://docs.cohere.com/reference/rerank). */
const rerankBody = z.looseObject({
  model: z.string(),
  query: z.string().min(1),
  documents: z
    .array(z.union([z.string(), z.looseObject({ text: z.string() })]))
    .min(1)
    .max(2048),
  top_n: z.int().min(1).nullish(),
  return_documents: z.boolean().nullish(),
});

export function embeddingRoutes(parts: ServerParts): Route[] {
  const { service, admission, findModel } = parts;
  const embed = async (
    model: string,
    { request: { signal }, key }: Call,
    work: () => Promise<Response>,
  ): Promise<Response> => {
    const { kind } = await findModel(model, key);
    if (kind !== "embedder") throw wrongKind(model, "answers chats and embeds no text");
    const leave = await admission.enter(signal, key);
    try {
      return await work();
    } finally {
      leave();
    }
  };
  const rerank = (path: string): Route =>
    route({
      method: "POST",
      path,
      summary: "Puts documents in the order of their likeness to a query, best first",
      returns: rerankReply,
      body: rerankBody,
      handle: (call) => {
        const { model, query, top_n: most, return_documents: wantsDocuments } = call.body;
        const documents = call.body.documents.map((each) => (typeof each === "string" ? each : each.text));
        const { signal } = call.request;
        return embed(model, call, async () => {
          const [asked] = await service.embed([query], signal, "query");
          const vectors = await service.embed(documents, signal, "passage");
          const results = vectors
            .map((vector, index) => ({
              index,
              // From 0 to 1, as clients expect.
              relevance_score: (1 + dot(asked!, vector)) / 2,
              ...(wantsDocuments && { document: { text: documents[index]! } }),
            }))
            .sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
            .slice(0, most ?? documents.length);
          const tokens = aboutTokens([query, ...documents]);
          return Response.json({ model, results, usage: { total_tokens: tokens, prompt_tokens: tokens } });
        });
      },
    });
  return [
    route({
      method: "POST",
      path: "/v1/embeddings",
      summary: "Unit vectors of texts",
      returns: embeddingReply,
      body: embeddingBody,
      handle: (call) => {
        const texts = readTexts(call.body.input);
        return embed(call.body.model, call, async () =>
          embeddingResponse(call.body, texts, await service.embed(texts, call.request.signal)),
        );
      },
    }),
    rerank("/v1/rerank"),
    // Cohere's client has the path of its second version.
    rerank("/v2/rerank"),
  ];
}

/** About: four characters make a token. */
const aboutTokens = (texts: readonly string[]): number =>
  texts.reduce((total, text) => total + Math.ceil(text.length / 4), 0);

function readTexts(input: z.output<typeof embeddingBody>["input"]): string[] {
  if (typeof input === "string") return [input];
  const texts = input.filter((each): each is string => typeof each === "string");
  if (texts.length === input.length) return texts;
  throw new ApiError(
    400,
    "token_ids_not_supported",
    "`input` holds token ids, which are those of another model: send text. (LangChain: check_embedding_ctx_length=False.)",
    { param: "input" },
  );
}

/**
 * Lists of numbers, or little-endian float32 in base64. Fewer `dimensions` are the first ones, made a unit vector again,
 * as OpenAI's are; what that loses depends on the model. Throws ApiError.
 */
function embeddingResponse(
  { model, dimensions, encoding_format }: z.output<typeof embeddingBody>,
  texts: readonly string[],
  vectors: readonly Float32Array[],
): Response {
  const size = vectors[0]!.length;
  if (dimensions != null && dimensions > size) {
    throw new ApiError(400, "invalid_value", `The model's vectors have ${size} dimensions and no more.`, {
      param: "dimensions",
    });
  }
  const data = vectors.map((whole, index) => {
    const vector = shorten(whole, dimensions ?? size);
    const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
    const embedding = encoding_format === "base64" ? bytes.toString("base64") : Array.from(vector);
    return { object: "embedding", index, embedding };
  });
  const tokens = aboutTokens(texts);
  return Response.json({
    object: "list",
    data,
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

function shorten(vector: Float32Array, size: number): Float32Array {
  if (size === vector.length) return vector;
  const kept = vector.slice(0, size);
  const length = Math.hypot(...kept) || 1;
  return kept.map((value) => value / length);
}
