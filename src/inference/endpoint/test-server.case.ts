import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { endpointSchema, type EndpointEntry } from "../../contracts/index.ts";

/** A request as the server saw it. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Record<string, unknown>;
}

export type Handler = (seen: Seen, response: ServerResponse) => void | Promise<void>;

/** A server on loopback that does as `handler` says, and its entry for `models:`. Closed after the tests. */
export async function startServer(
  handler: Handler,
): Promise<{ entry: (more?: Partial<EndpointEntry>) => EndpointEntry; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8");
      const one = {
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
      };
      seen.push(one);
      void handler(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    entry: (more = {}) =>
      endpointSchema.parse({ endpoint: `http://127.0.0.1:${port}/v1`, model: "test-model", ...more }),
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export const chunk = (delta: object, more: object = {}): object => ({
  object: "chat.completion.chunk",
  model: "test-model",
  choices: [{ index: 0, delta, finish_reason: null }],
  ...more,
});
export const finish = (reason: string): object =>
  chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: reason }] });
export const usageOf = (prompt: number, completion: number): object => ({
  object: "chat.completion.chunk",
  model: "test-model",
  choices: [],
  usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
});

export function sendEvents(response: ServerResponse, events: readonly (object | string)[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events)
    response.write(`data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`);
}

/** A whole streamed answer, a token a piece. */
export function sendAnswer(response: ServerResponse, pieces: readonly string[], reason = "stop"): void {
  sendEvents(response, [
    chunk({ role: "assistant", content: "" }),
    ...pieces.map((content) => chunk({ content })),
    finish(reason),
    usageOf(10, pieces.length),
    "[DONE]",
  ]);
  response.end();
}

/** Answers as a well-behaved model of a few set sentences would, and obeys `max_tokens`, `stop` and a caller that leaves. */
export const goodServer: Handler = async ({ path, body, method }, response) => {
  if (method === "GET") return sendJson(response, 200, { data: [{ id: "test-model" }, { id: "other" }] });
  if (path.endsWith("/embeddings")) return sendVectors(body["input"] as string[], response);
  const messages = body["messages"] as { content: string }[];
  const question = messages.at(-1)!.content;
  const answer = question.startsWith("Count")
    ? Array.from({ length: 500 }, (_, i) => `${i + 1} `).join("")
    : question.startsWith("Repeat")
      ? question.slice(question.indexOf(":") + 2)
      : "The capital of France is Paris.";
  const most = body["max_tokens"] as number;
  const stops = (body["stop"] as string[] | undefined) ?? [];
  const places = stops.map((stop) => answer.indexOf(stop)).filter((place) => place >= 0);
  const text = answer.slice(0, Math.min(answer.length, ...places));
  const all = text.match(/\s*\S+?(?=\s|[.!]|$)|[.!]|\s+$/g) ?? [];
  const pieces = all.slice(0, most);
  if (pieces.length < 50) return sendAnswer(response, pieces, pieces.length < all.length ? "length" : "stop");
  for (const content of pieces) {
    if (response.destroyed) return;
    if (response.headersSent) response.write(`data: ${JSON.stringify(chunk({ content }))}\n\n`);
    else sendEvents(response, [chunk({ content })]);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  response.end("data: [DONE]\n\n");
};

/** Vectors of words: texts that share some are near. */
function sendVectors(texts: readonly string[], response: ServerResponse): void {
  const data = texts.map((text, index) => {
    const embedding = new Array<number>(64).fill(0.1);
    for (const word of text.split(/\W+/))
      embedding[[...word].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 64]! += 1;
    return { index, embedding };
  });
  sendJson(response, 200, { data: data.reverse(), usage: { prompt_tokens: 1, total_tokens: 1 } });
}
