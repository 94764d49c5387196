import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen, type Listener } from "../platform/index.ts";
import { checkReplies } from "./check-reply.case.ts";
import { createHandler, type HandlerOptions } from "./handler.ts";
import { hashKey } from "./keys.ts";
import { createStub, stubWords } from "./stub-service.case.ts";

const words = stubWords;
const local = { hosts: ["127.0.0.1", "localhost"], keys: async () => [], onError: () => {} };
const json = { host: "localhost:8000", "content-type": "application/json" };
function open(options: Partial<HandlerOptions> = {}) {
  const stub = createStub();
  const handler = createHandler({ service: stub, ...local, ...options });
  const handle = checkReplies(handler);
  const send = (path: string, init: RequestInit = {}) =>
    handle(new Request(`http://localhost:8000${path}`, { ...init, headers: { ...json, ...init.headers } }));
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers });
  return { stub, handler, send, post };
}
const question = { model: "base", messages: [{ role: "user", content: "What is the fare?" }] };

describe("the openai client", () => {
  const stub = createStub();
  let listener: Listener;
  let client: OpenAI;
  beforeAll(async () => {
    const handler = createHandler({
      service: stub,
      ...local,
      keys: async () => [{ name: "a", hash: hashKey("the-key") }],
    });
    listener = await listen(handler.handle, { host: "127.0.0.1", port: 0 });
    client = new OpenAI({
      apiKey: "the-key",
      baseURL: `http://127.0.0.1:${listener.port}/v1`,
      maxRetries: 0,
    });
  });
  afterAll(() => listener.close());
  const messages = [{ role: "user" as const, content: "What is the fare?" }];

  it("lists models", async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toEqual(["base", "ferry:rag", "ferry:tuned", "embed"]);
    expect(await client.models.retrieve("ferry:tuned")).toMatchObject({
      object: "model",
      root: "base",
      parent: "base",
    });
  });

  it("chats, with citations", async () => {
    const answer = await client.chat.completions.create({ model: "ferry:rag", messages, n: 2, seed: 7 });
    expect(answer.choices.map(({ message }) => message.content)).toEqual([words.join(""), words.join("")]);
    expect(answer.choices[0]!.finish_reason).toBe("stop");
    expect(answer.choices[0]!.message.annotations).toMatchObject([
      {
        type: "file_citation",
        file_id: "fares.md",
        index: words.join("").indexOf("[1]"),
        lorag: { quote: "Adults pay £5." },
      },
    ]);
    expect(answer.choices[0]!.message).toMatchObject({
      lorag: { index_generation: 3, anthropic: [expect.anything()], sources: [expect.anything()] },
    });
    expect(answer.usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 });
    expect(stub.seen.slice(-2).map(({ sampling }) => sampling.seed)).toEqual([7, 8]);
  });

  it("streams, with usage", async () => {
    const stream = await client.chat.completions.create({
      model: "ferry:rag",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    const ends: unknown[] = [];
    let last;
    for await (const chunk of stream) {
      const [choice] = chunk.choices;
      text += choice?.delta.content ?? "";
      if (choice?.finish_reason) ends.push(choice.finish_reason, choice.delta);
      last = chunk;
    }
    expect([text, ends]).toEqual([
      words.join(""),
      [
        "stop",
        {
          annotations: [expect.anything()],
          lorag: { index_generation: 3, anthropic: expect.anything(), sources: [expect.anything()] },
        },
      ],
    ]);
    expect(last).toMatchObject({ choices: [], usage: { completion_tokens: 6 } });
  });

  it("completes a prompt and embeds texts, as numbers and as base64", async () => {
    const completion = await client.completions.create({
      model: "base",
      prompt: "The fare",
      max_tokens: 5,
      stop: "x",
    });
    expect(completion.choices[0]!.text).toBe(words.join(""));
    expect(stub.seen.at(-1)!.sampling).toMatchObject({ maxTokens: 5, stop: ["x"] });
    // The client asks for base64 of its own accord.
    const vectors = await client.embeddings.create({ model: "embed", input: ["a", "bcd"] });
    expect(vectors.data.map(({ embedding }) => embedding)).toEqual([
      [1, 0, 1],
      [1, 0, 3],
    ]);
    const plain = await client.embeddings.create({ model: "embed", input: "ab", encoding_format: "float" });
    expect(plain.data[0]!.embedding).toEqual([1, 0, 2]);
  });

  it("ends a generation whose client leaves, streamed or not", async () => {
    const slow = [{ role: "user" as const, content: "slow" }];
    const before = stub.stopped;
    const stream = await client.chat.completions.create({ model: "base", messages: slow, stream: true });
    for await (const _ of stream) break;
    const controller = new AbortController();
    const whole = client.chat.completions.create(
      { model: "base", messages: slow },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 50);
    await expect(whole).rejects.toThrow();
    await expect.poll(() => stub.stopped).toBe(before + 2);
  });

  it("gets errors that it understands", async () => {
    const ask = (model: string, content: string) =>
      client.chat.completions.create({ model, messages: [{ role: "user", content }] });
    await expect(ask("ferry:ragg", "x")).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
      message: /ferry:rag,/,
    });
    await expect(ask("base", "too long")).rejects.toMatchObject({
      status: 400,
      code: "context_length_exceeded",
    });
    await expect(ask("base", "fault")).rejects.toMatchObject({
      status: 500,
      message: expect.not.stringMatching(/secret|home/) as string,
    });
    await expect(ask("embed", "x")).rejects.toMatchObject({ status: 400, param: "model" });
    const stranger = new OpenAI({ apiKey: "another", baseURL: client.baseURL, maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
  });
});

it.each<[string, unknown, Record<string, string>, number]>([
  ["no JSON", "{", {}, 400],
  ["another type", "{}", { "content-type": "text/plain" }, 415],
  ["a body too large", { ...question, user: "x".repeat(2 ** 20) }, {}, 413],
  ["no messages", { model: "base", messages: [] }, {}, 400],
  ["a role that is none", { model: "base", messages: [{ role: "boss", content: "x" }] }, {}, 400],
  ["an image", { model: "base", messages: [{ role: "user", content: [{ type: "image_url" }] }] }, {}, 400],
  [
    "the assistant last",
    { model: "base", messages: [...question.messages, { role: "assistant", content: "x" }] },
    {},
    400,
  ],
  ["nine answers", { ...question, n: 9 }, {}, 400],
  ["a temperature out of range", { ...question, temperature: 3 }, {}, 400],
  ["a list for a body", [question], {}, 400],
  [
    "JSON of an arm, which answers in text",
    { ...question, model: "ferry:rag", response_format: { type: "json_object" } },
    {},
    400,
  ],
  ["a schema that is missing", { ...question, response_format: { type: "json_schema" } }, {}, 400],
  ["log probabilities of an arm", { ...question, model: "ferry:rag", logprobs: true }, {}, 400],
])("refuses %s", async (_, body, headers, status) => {
  const { post } = open();
  const response = await post("/v1/chat/completions", body, headers);
  expect(response.status).toBe(status);
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  expect(Object.keys(error)).toEqual(["message", "type", "param", "code"]);
  expect(error["type"]).toBe("invalid_request_error");
});

it("ignores fields that it does not know, and says what token ids are", async () => {
  const { post } = open();
  const more = { logit_bias: {}, user: "u", frequency_penalty: 0, tools: null, temperature: null };
  const plain = { response_format: { type: "text" }, logprobs: false };
  expect((await post("/v1/chat/completions", { ...question, ...plain })).status).toBe(200);
  expect((await post("/v1/chat/completions", { ...question, ...more })).status).toBe(200);
  const ids = await post("/v1/embeddings", { model: "embed", input: [[1, 2]] });
  expect([ids.status, ((await ids.json()) as { error: { code: string } }).error.code]).toEqual([
    400,
    "token_ids_not_supported",
  ]);
  expect((await post("/v1/embeddings", { model: "embed", input: "x", dimensions: 9 })).status).toBe(400);
});

const paths = [
  "/health",
  "/ready",
  "/metrics",
  "/v1/models",
  "/v1/models/base",
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/embeddings",
  "/v1/files",
  "/",
];

it.each(paths)("guards %s against foreign names, origins and keys", async (path) => {
  const { send } = open({ keys: async () => [{ name: "a", hash: hashKey("key") }] });
  const key = { authorization: "Bearer key" };
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await send(path, { headers })).status;
  for (const host of [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "",
    "localhost:8000@evil",
    "[::1",
  ]) {
    expect(await status({ ...key, host })).toBe(403);
  }
  for (const origin of ["https://evil.example", "null", "http://localhost:3000", "file://"]) {
    expect(await status({ ...key, origin })).toBe(403);
  }
  expect(await status({ ...key, "sec-fetch-site": "cross-site" })).toBe(403);
  for (const authorization of ["", "Bearer", "Bearer kez", "Basic key", "key", "Bearer key key"]) {
    expect(await status({ authorization })).toBe(path === "/health" ? 200 : 401);
  }
  expect(await status({ ...key, origin: "http://localhost:8000" })).not.toBe(403);
});

it("says which routes there are where there is none", async () => {
  const response = await open().post("/v1/fine_tuning/jobs", {});
  expect(response.status).toBe(404);
  expect(await response.text()).toContain("POST /v1/chat/completions");
});

it("turns away what its queue has no room for, with the time to come back", async () => {
  const { post, stub, send } = open({ limits: { places: 1, waiting: 1 } });
  const slow = { model: "base", messages: [{ role: "user", content: "slow" }] };
  const stop = new AbortController();
  const first = send("/v1/chat/completions", {
    method: "POST",
    body: JSON.stringify(slow),
    signal: stop.signal,
  });
  await expect.poll(() => stub.seen.length).toBe(1);
  const second = post("/v1/chat/completions", question);
  const third = await post("/v1/chat/completions", question);
  expect(third.status).toBe(429);
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  expect(await (await send("/metrics")).text()).toMatch(/lorag_requests_waiting 1\n/);
  stop.abort();
  await first;
  expect((await second).status).toBe(200);
  expect(await (await send("/metrics")).text()).toContain(
    'lorag_requests_total{route="/v1/chat/completions",status="429"} 1',
  );
});

it("finishes what it began when it is told to stop, and takes no more", async () => {
  const { post, send, handler } = open();
  const streamed = await post("/v1/chat/completions", { ...question, stream: true });
  const drained = handler.drain();
  expect((await send("/ready")).status).toBe(503);
  expect((await post("/v1/chat/completions", question)).status).toBe(503);
  expect(await streamed.text()).toContain("[DONE]");
  await drained;
});

it("tells a fault in the middle of a stream as an event, and no more of it than the client may know", async () => {
  const told: unknown[] = [];
  const { post } = open({ onError: (error) => told.push(error) });
  const text = await (
    await post("/v1/chat/completions", {
      model: "base",
      stream: true,
      messages: [{ role: "user", content: "fault" }],
    })
  ).text();
  expect(text).toContain('"code":"internal_error"');
  expect(text).not.toMatch(/secret|\[DONE\]/);
  expect(String(told[0])).toContain("secret");
});

describe("forms in which clients send the same thing", () => {
  it("takes an assistant's message without text, and refuses a call of a tool that is demanded", async () => {
    const { stub, post } = open();
    const user = { role: "user", content: "a" };
    const messages = [user, { role: "assistant", content: null, tool_calls: [] }, user];
    expect((await post("/v1/chat/completions", { model: "base", messages, top_p: 0 })).status).toBe(200);
    expect(stub.seen[0]!.messages[1]).toEqual({ role: "assistant", content: "" });
    expect(stub.seen[0]!.sampling).toMatchObject({ topK: 1 });
    const demanded = await post("/v1/chat/completions", { ...question, tool_choice: "required" });
    expect(await demanded.json()).toMatchObject({ error: { param: "tool_choice" } });
  });

  it("answers each of several prompts of a completion, which it repeats where asked to", async () => {
    const { stub, post } = open();
    const body = { model: "base", prompt: ["a", "b"], n: 2, echo: true, seed: Number.MAX_SAFE_INTEGER };
    const answer = (await (await post("/v1/completions", body)).json()) as {
      choices: { index: number; text: string }[];
      usage: { prompt_tokens: number };
    };
    const text = words.join("");
    expect(answer.choices.map((choice) => choice.text)).toEqual([
      `a${text}`,
      `a${text}`,
      `b${text}`,
      `b${text}`,
    ]);
    expect(answer.usage.prompt_tokens).toBe(18);
    expect(stub.seen.every(({ sampling }) => Number.isSafeInteger(sampling.seed))).toBe(true);
  });
});

it("closes a stream whose text was told before it was checked with what holds, where that is another", async () => {
  const { stub, post } = open();
  const order = { model: "ferry:rag", stream: true, grounding: "after" };
  for (const [content, corrections] of [
    ["invent", [{ type: "correction", index: 0, text: "I do not know." }]],
    ["fare?", []],
  ] as const) {
    const messages = [{ role: "user", content }];
    const response = await post("/v1/chat/completions", { ...order, messages });
    const events = (await response.text()).split("\n\n").filter((event) => event.startsWith("data: {"));
    const told = events.map((event) => JSON.parse(event.slice(6)) as { lorag?: unknown });
    expect(told.flatMap(({ lorag }) => lorag ?? [])).toEqual(corrections);
  }
  expect(stub.seen.every(({ grounding }) => grounding === "after")).toBe(true);
});

it("ends what takes too long: without a first word, between words, in all", async () => {
  const far = { queueMs: 9_000, firstWordMs: 9_000, idleMs: 9_000, totalMs: 9_000 };
  const ask = (content: string, stream: boolean, deadlines: Partial<typeof far>) =>
    open({ deadlines: { ...far, ...deadlines } }).post("/v1/chat/completions", {
      ...question,
      messages: [{ role: "user", content }],
      stream,
    });
  const late = [
    await ask("silent", true, { firstWordMs: 20 }),
    await ask("silent", false, { totalMs: 20 }),
    await ask("slow", false, { totalMs: 20 }),
  ];
  expect(late.map(({ status }) => status)).toEqual([504, 504, 504]);
  // The first words are out: the last event tells it.
  const begun = await ask("slow", true, { totalMs: 20 });
  expect(begun.status).toBe(200);
  expect(await begun.text()).toContain('"code":"timeout"');
  const idle = await ask("slow", true, { idleMs: 1 });
  expect(await idle.text()).toContain("No further word");
});
