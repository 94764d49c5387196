import { z } from "zod";
import { LoragError, type Embedder, type EndpointEntry } from "../../contracts/index.ts";
import { createClient, type ClientOptions, type EndpointClient } from "./client.ts";
import { NotACompletion, parseJson, readWhole } from "./completion.ts";
import { Failure, endpointError, nameOf } from "./endpoint-errors.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { priceOf } from "./price.ts";
import { createSpending, type Spending } from "./spending.ts";

export interface EndpointEmbedderOptions extends ClientOptions {
  entry: EndpointEntry;
  spending?: Spending;
}

const textsPerCall = 64;

const replySchema = z.looseObject({
  data: z.array(z.looseObject({ index: z.number().int().nonnegative(), embedding: z.array(z.number()) })),
});

/**
 * An embedding model behind an OpenAI-compatible API (https://platform.openai.com/docs/api-reference/embeddings). Embeds
 * one short text to learn how many dimensions it has. Throws LORAG_ENDPOINT_*, LORAG_BUDGET.
 */
export async function createEndpointEmbedder({
  entry,
  spending = createSpending(),
  ...options
}: EndpointEmbedderOptions): Promise<Embedder> {
  const client = createClient(entry, options);
  const embed = (texts: readonly string[], signal?: AbortSignal) =>
    embedPart(client, spending, texts, signal);
  const [probe] = await embed(["text"]);
  const dimensions = probe!.length;
  return {
    identity: `endpoint ${nameOf(entry)} ${dimensions}`,
    dimensions,
    close: async () => {},
    async embed(texts, { signal, onProgress } = {}) {
      const vectors: Float32Array[] = new Array(texts.length);
      let [next, done] = [0, 0];
      const work = async (): Promise<void> => {
        while (next < texts.length) {
          if (signal?.aborted) throw interrupted(done, texts.length);
          const start = next;
          const part = texts.slice(start, (next += textsPerCall));
          const made = await embed(part, signal).catch((error: unknown) => {
            next = texts.length;
            throw signal?.aborted ? interrupted(done, texts.length) : error;
          });
          if (made[0]!.length !== dimensions) throw otherSize(entry, made[0]!.length, dimensions);
          made.forEach((vector, i) => (vectors[start + i] = vector));
          done += part.length;
          try {
            onProgress?.(done);
          } catch (error) {
            next = texts.length;
            throw error;
          }
        }
      };
      const lanes = await Promise.allSettled(Array.from({ length: entry.concurrency }, work));
      const failure = lanes.find((lane) => lane.status === "rejected");
      if (failure) throw failure.reason;
      return vectors;
    },
  };
}

async function embedPart(
  client: EndpointClient,
  spending: Spending,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const { entry } = client;
  const tokens = texts.reduce((total, text) => total + estimateTokens(text), 0);
  const cost = priceOf(entry, tokens, 0) ?? 0;
  const room = await spending.reserve(1.5 * cost);
  let spent = 0;
  try {
    return await client.post({
      path: "embeddings",
      // Servers refuse an empty text.
      body: () => ({
        ...entry.body,
        model: entry.model,
        input: texts.map((text) => text || " "),
        encoding_format: "float",
      }),
      read: async (reply) => {
        spent += cost;
        return readVectors(entry, await readWhole(reply.body), texts.length);
      },
      signal,
    });
  } catch (error) {
    throw error instanceof Failure ? error.error : error;
  } finally {
    room.settle(spent);
  }
}

/** One unit vector for each text, in order. */
function readVectors(entry: EndpointEntry, text: string, count: number): Float32Array[] {
  const fail = (found: string): Failure => {
    const next = "Check that `endpoint` and `model` name an embedding model of an OpenAI-compatible API.";
    const what = `answered with ${found} instead of vectors`;
    return new Failure(endpointError(entry, "LORAG_ENDPOINT_ANSWER", "config", what, next));
  };
  let reply: unknown;
  try {
    reply = parseJson(text);
  } catch (error) {
    throw fail((error as NotACompletion).message);
  }
  const parsed = replySchema.safeParse(reply);
  if (!parsed.success) throw fail("JSON that holds none");
  const { data } = parsed.data;
  const vectors: (Float32Array | undefined)[] = new Array(count).fill(undefined);
  for (const { index, embedding } of data) if (index < count) vectors[index] = toUnit(embedding);
  const size = vectors[0]?.length;
  for (const vector of vectors) {
    if (!vector) throw fail(`${data.length} vectors for ${count} texts`);
    if (vector.length !== size) throw fail("vectors of several sizes");
    if (!Number.isFinite(vector[0])) throw fail("a vector without a direction");
  }
  return vectors as Float32Array[];
}

function toUnit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => (length > 0 ? value / length : Number.NaN));
}

function interrupted(done: number, total: number): LoragError {
  return new LoragError({
    code: "LORAG_INTERRUPTED",
    kind: "interrupted",
    message: `Embedding was stopped after ${done} of ${total} texts`,
    next: "Run the command again.",
  });
}

function otherSize(entry: EndpointEntry, found: number, wanted: number): LoragError {
  const what = `gave vectors of ${found} numbers after ${wanted}`;
  const next = "Check that one model alone answers behind the endpoint.";
  return endpointError(entry, "LORAG_ENDPOINT_ANSWER", "unavailable", what, next);
}
