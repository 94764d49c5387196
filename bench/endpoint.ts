import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { endpointSchema } from "../src/contracts/index.ts";
import { createEndpointModel } from "../src/inference/index.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";

const questions = 640;
const atOnce = 32;
/** What a server of the kind takes for a short answer. */
const delayMs = 50;

/** Questions a second through an endpoint, 32 at a time, against a plain loop of `fetch` over the same server. */
export async function run(): Promise<BenchResult> {
  const server = await startStub();
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const entry = endpointSchema.parse({ endpoint, model: "stub", concurrency: atOnce });
  const model = createEndpointModel({ entry });
  const messages = [{ role: "user" as const, content: "What is the fare for a child?" }];
  const best = await interleave(
    4,
    {
      ours: () => rateOf(async () => (await model.generate({ messages })).text),
      peer: () => rateOf(() => plainFetch(endpoint, messages)),
    },
    "higher",
  );
  server.close();
  const row = {
    name: "speed",
    value: round(best.ours / best.peer),
    unit: "ratio of questions/s, 32 at a time",
    ours: round(best.ours),
    peer: round(best.peer),
  };
  return { bench: "endpoint", machine: describeMachine(), rows: [row] };
}

async function rateOf(ask: () => Promise<string>): Promise<number> {
  const began = performance.now();
  let left = questions;
  const lane = async (): Promise<void> => {
    while (left-- > 0) if ((await ask()) !== answer) throw new Error("another answer than the server's");
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return questions / ((performance.now() - began) / 1000);
}

/** As anyone would write it: the same streamed reply, read as text and put together. */
async function plainFetch(endpoint: string, messages: readonly object[]): Promise<string> {
  const response = await fetch(`${endpoint}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "stub", messages, max_tokens: 128, temperature: 0, stream: true }),
  });
  const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: {"));
  const chunks = lines.map((line) => JSON.parse(line.slice(6)) as StubChunk);
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
}

interface StubChunk {
  choices: { delta: { content?: string } }[];
}

const words = [
  "A ",
  "child ",
  "pays ",
  "half ",
  "of ",
  "the ",
  "full ",
  "fare ",
  "on ",
  "every ",
  "line",
  ".",
];
const answer = words.join("");

function startStub(): Promise<Server> {
  const chunks = [
    ...words.map((content) => ({ model: "stub", choices: [{ delta: { content } }] })),
    { model: "stub", choices: [{ delta: {}, finish_reason: "stop" }] },
    { model: "stub", choices: [], usage: { prompt_tokens: 20, completion_tokens: words.length } },
  ];
  const events = [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), "data: [DONE]\n\n"];
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(events.join(""));
    }, delayMs);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
