import { describe, expect, it } from "vitest";
import type { FineTuningJob, Service, StoredFile, VectorStore } from "../contracts/index.ts";
import { createHandler } from "./handler.ts";
import { createStub, stubWords } from "./stub-service.case.ts";

/** What public trackers of peers tell of clients that failed: each row is what such a client sends, and what it must get. */

const file = (index: number): StoredFile => ({
  id: `file-${index}`,
  owner: "",
  filename: `${index}.md`,
  purpose: index % 2 === 0 ? "assistants" : "fine-tune",
  bytes: 1,
  created: index,
});
const files = Array.from({ length: 30 }, (_, index) => file(index)).toReversed();
const stores: VectorStore[] = files.map(({ id }) => ({
  id: id.replace("file-", "vs_"),
  owner: "",
  name: "",
  created: 1,
  files: id === "file-0" ? files.map((each) => ({ ...each, status: "completed" as const })).toReversed() : [],
}));
const job = (status: FineTuningJob["status"]): FineTuningJob => ({
  id: `ftjob-${status}`,
  owner: "",
  created: 1,
  status,
  model: "base",
  trainingFile: "file-1",
  method: "supervised",
});
const jobs = (["succeeded", "failed", "cancelled", "running"] as const).map(job);
const never = async (): Promise<never> => Promise.reject(new Error("never called"));

function open() {
  const stub = createStub();
  const service: Service = {
    ...stub,
    answer: stub.answer.bind(stub),
    storage: {
      files: {
        add: async (given, content) => ({ ...file(99), ...given, bytes: content.byteLength }),
        list: async () => files,
        get: async (_, id) => files.find((each) => each.id === id),
        read: async () => new Uint8Array(),
        remove: async () => {},
      },
      stores: {
        create: never,
        update: never,
        list: async () => stores,
        get: async (_, id) => stores.find((each) => each.id === id),
        attach: never,
        detach: never,
        remove: never,
        search: async () => [],
      },
      jobs: {
        create: never,
        list: async () => jobs,
        get: async (_, id) => jobs.find((each) => each.id === id),
        cancel: async (given) => ({ ...given, status: "cancelled" as const }),
        events: async () => [],
      },
    },
  };
  const faults: unknown[] = [];
  const handler = createHandler({
    service,
    hosts: ["localhost"],
    keys: async () => [],
    onError: (error) => faults.push(error),
  });
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
    const response = await handler.handle(
      new Request(`http://localhost:8000${path}`, {
        method,
        headers: { host: "localhost:8000", "content-type": "application/json", ...headers },
        ...(sent !== undefined && { body: sent }),
      }),
    );
    const text = await response.text();
    const isJson = text !== "" && (response.headers.get("content-type")?.includes("json") ?? false);
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? parse(text) : undefined,
    };
  };
  return { stub, send, faults };
}
const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

const chat = (more: object = {}, content: unknown = "What is the fare?") => ({
  model: "base",
  messages: [{ role: "user", content }],
  ...more,
});
const chunksOf = (text: string): Record<string, unknown>[] =>
  text
    .split("\n\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => parse(line.slice("data: ".length)));
interface Choice {
  index: number;
  finish_reason: string | null;
  delta: Record<string, unknown>;
}
const choicesOf = (chunk: Record<string, unknown>): Choice[] => chunk["choices"] as Choice[];

describe("paths and methods", () => {
  it.each([
    ["GET", "/v1/models/", 200],
    ["GET", "//v1//models", 200],
    ["GET", "/v1/models?limit=1&x=%2F", 200],
    ["GET", "/v1/models/ferry%3Arag", 200],
    ["GET", "/v1/models/ferry:rag/", 200],
    ["HEAD", "/v1/models", 200],
    ["HEAD", "/health", 200],
    ["GET", "/v1/chat/completions", 405],
    ["PUT", "/v1/models", 405],
    ["PATCH", "/v1/files/file-1", 405],
    ["POST", "/openapi.json", 405],
    ["OPTIONS", "/v1/chat/completions", 204],
    ["GET", "/v1/chat/completion", 404],
    ["GET", "/openapiXjson", 404],
  ])("%s %s is told %i", async (method, path, status) => {
    const told = await open().send(method, path);
    expect(told.status).toBe(status);
    if (method === "HEAD") expect(told.text).toBe("");
    if (status === 405) expect(told.json).toMatchObject({ error: { code: "method_not_allowed" } });
  });

  it("names the methods that a path takes", async () => {
    const { send } = open();
    expect((await send("PUT", "/v1/files")).headers.get("allow")).toBe("POST, GET, HEAD, OPTIONS");
    expect((await send("GET", "/v1/embeddings/")).headers.get("allow")).toBe("POST, OPTIONS");
  });
});

describe("requests in other forms", () => {
  it.each<[string, object]>([
    [
      "every optional field null",
      {
        temperature: null,
        top_p: null,
        n: null,
        stream: null,
        stop: null,
        max_tokens: null,
        seed: null,
        user: null,
        max_completion_tokens: null,
        presence_penalty: null,
        frequency_penalty: null,
        logit_bias: null,
        tools: null,
        tool_choice: null,
        response_format: null,
        logprobs: null,
        top_logprobs: null,
        stream_options: null,
      },
    ],
    [
      "fields of other servers",
      { chat_template_kwargs: {}, guided_json: null, keep_alive: "5m", cache_prompt: true },
    ],
    ["an empty stop", { stop: "" }],
    ["no stops", { stop: [] }],
    ["eight stops", { stop: [..."abcdefgh"] }],
    ["a negative seed", { seed: -1 }],
    ["no tools and a choice of none", { tools: [], tool_choice: "none" }],
    ["a store of metadata", { store: true, metadata: { a: "b" }, service_tier: "auto" }],
  ])("takes %s", async (_, more) => {
    const told = await open().send("POST", "/v1/chat/completions", chat(more));
    expect([told.status, told.text]).toEqual([200, told.text]);
  });

  it.each<[string, unknown, string]>([
    [
      "text parts",
      [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
      "a\nb",
    ],
    ["one part", [{ type: "text", text: "a" }], "a"],
    ["parts of responses", [{ type: "input_text", text: "a" }], "a"],
    ["text of other scripts", "Ünï 漢字 🚢", "Ünï 漢字 🚢"],
  ])("reads a content of %s", async (_, content, read) => {
    const { stub, send } = open();
    expect((await send("POST", "/v1/chat/completions", chat({}, content))).status).toBe(200);
    expect(stub.seen[0]!.messages).toEqual([{ role: "user", content: read }]);
  });

  it("reads the role developer as the system's, and max_completion_tokens before max_tokens", async () => {
    const { stub, send } = open();
    const messages = [
      { role: "developer", content: "Be short.", name: "x" },
      { role: "user", content: "a" },
    ];
    await send(
      "POST",
      "/v1/chat/completions",
      chat({ messages, max_tokens: 9, max_completion_tokens: 4, temperature: 0 }),
    );
    expect(stub.seen[0]!.messages[0]).toEqual({ role: "system", content: "Be short." });
    expect(stub.seen[0]!.sampling).toMatchObject({ maxTokens: 4, temperature: 0 });
  });

  it.each([
    ["beside the wrapper", { type: "json_schema", schema: { type: "integer" } }],
    ["in the wrapper", { type: "json_schema", json_schema: { schema: { type: "integer" } } }],
    ["of the type json_object", { type: "json_object", schema: { type: "integer" } }],
  ])("holds an answer to a schema %s", async (_, response_format) => {
    const { stub, send } = open();
    await send("POST", "/v1/chat/completions", chat({ response_format }));
    expect(stub.seen[0]!.constraint).toEqual({ kind: "json", schema: { type: "integer" } });
  });

  it.each<[string, string, unknown, Record<string, string>, number, RegExp]>([
    [
      "a body in gzip",
      "/v1/chat/completions",
      "\u001f\u008b",
      { "content-encoding": "gzip" },
      415,
      /gzip.*Content-Encoding/,
    ],
    ["no body", "/v1/chat/completions", "", {}, 400, /empty/],
    [
      "no prompts",
      "/v1/completions",
      { model: "base", prompt: [] },
      {},
      400,
      /`prompt`: must be .*1 to 8 texts.*\[\]/,
    ],
    ["no prompt", "/v1/completions", { model: "base" }, {}, 400, /`prompt`.*nothing/],
    ["token ids as a prompt", "/v1/completions", { model: "base", prompt: [1, 2] }, {}, 400, /token ids/],
    ["no texts to embed", "/v1/embeddings", { model: "embed", input: [] }, {}, 400, /`input`.*1 to 2,048/],
    ["an empty text to embed", "/v1/embeddings", { model: "embed", input: ["a", ""] }, {}, 400, /empty/],
    [
      "vectors of no dimensions",
      "/v1/embeddings",
      { model: "embed", input: "a", dimensions: 0 },
      {},
      400,
      /dimensions/,
    ],
    [
      "an encoding that is none",
      "/v1/embeddings",
      { model: "embed", input: "a", encoding_format: "md5" },
      {},
      400,
      /encoding_format/,
    ],
    [
      "the embedding model for a chat",
      "/v1/chat/completions",
      chat({ model: "embed" }),
      {},
      400,
      /embeds text/,
    ],
    [
      "the base model for vectors",
      "/v1/embeddings",
      { model: "base", input: "a" },
      {},
      400,
      /embeds no text/,
    ],
    ["a model that is none", "/v1/embeddings", { model: "embedd", input: "a" }, {}, 404, /there are .*embed/],
    ["an empty list of parts", "/v1/chat/completions", chat({}, []), {}, 400, /message/],
    ["a number for content", "/v1/chat/completions", chat({}, 5), {}, 400, /text as its content/],
    ["no model", "/v1/chat/completions", { messages: [] }, {}, 400, /`model`/],
    ["a stop that is a number", "/v1/chat/completions", chat({ stop: 5 }), {}, 400, /`stop`: must be a text/],
    ["no input", "/v1/responses", { model: "base", input: "" }, {}, 400, /`input`: must not be empty/],
  ])("refuses %s, and says why", async (_, path, body, headers, status, why) => {
    const told = await open().send("POST", path, body, headers);
    expect(told.status).toBe(status);
    expect((told.json as { error: { message: string } }).error.message).toMatch(why);
  });
});

describe("streams", () => {
  it("has one id, the role once and first, null until it ends, and [DONE]", async () => {
    const { text, headers } = await open().send("POST", "/v1/chat/completions", chat({ stream: true }));
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    const chunks = chunksOf(text);
    expect(
      new Set(chunks.map(({ id, created, model, object }) => JSON.stringify([id, created, model, object])))
        .size,
    ).toBe(1);
    const choices = chunks.map((chunk) => choicesOf(chunk)[0]!);
    expect(choices.map(({ delta }) => delta["role"])).toEqual([
      "assistant",
      ...choices.slice(1).map(() => undefined),
    ]);
    expect(choices.map(({ finish_reason }) => finish_reason)).toEqual([
      ...choices.slice(1).map(() => null),
      "stop",
    ]);
    expect(choices.at(-1)!.delta).toEqual({});
    expect(chunks.every((chunk) => !("usage" in chunk))).toBe(true);
  });

  it("tells usage in a chunk of no choices, and null before, where it is asked for", async () => {
    const body = chat({ stream: true, stream_options: { include_usage: true } });
    const chunks = chunksOf((await open().send("POST", "/v1/chat/completions", body)).text);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 15 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  it("gives each of several answers its index, its role and its end", async () => {
    const { text } = await open().send("POST", "/v1/chat/completions", chat({ stream: true, n: 3 }));
    const choices = chunksOf(text).flatMap(choicesOf);
    for (const index of [0, 1, 2]) {
      const own = choices.filter((choice) => choice.index === index);
      expect(own[0]!.delta["role"]).toBe("assistant");
      expect(own.map(({ delta }) => delta["content"] ?? "").join("")).toBe(stubWords.join(""));
      expect(own.filter(({ finish_reason }) => finish_reason !== null)).toHaveLength(1);
    }
  });

  it.each([
    ["/v1/chat/completions", chat({ stream: true }, "too long"), 400, "context_length_exceeded"],
    ["/v1/completions", { model: "base", prompt: "too long", stream: true }, 400, "context_length_exceeded"],
    ["/v1/responses", { model: "base", input: "too long", stream: true }, 400, "context_length_exceeded"],
    ["/v1/chat/completions", chat({ stream: true, model: "none" }), 404, "model_not_found"],
    ["/v1/chat/completions", chat({ stream: true }, "fault at once"), 500, "internal_error"],
  ])("%s: what goes wrong before the first word is told by the status", async (path, body, status, code) => {
    const told = await open().send("POST", path, body);
    expect([told.status, told.json]).toMatchObject([status, { error: { code } }]);
  });
});

describe("lists in pages", () => {
  const all = async (path: string, query: string): Promise<string[]> => {
    const { send } = open();
    const ids: string[] = [];
    for (let after = ""; ;) {
      const { json, status } = await send("GET", `${path}?${query}${after && `&after=${after}`}`);
      expect(status).toBe(200);
      const { data, has_more, last_id, first_id } = json as unknown as {
        data: { id: string }[];
        has_more: boolean;
        last_id: string;
        first_id: string;
      };
      expect([first_id, last_id]).toEqual([data[0]!.id, data.at(-1)!.id]);
      ids.push(...data.map(({ id }) => id));
      if (!has_more) return ids;
      after = last_id;
    }
  };
  const names = (prefix: string): string[] => files.map(({ id }) => id.replace("file-", prefix));

  it("gives each once, newest first or last", async () => {
    expect(await all("/v1/files", "limit=7")).toEqual(names("file-"));
    expect(await all("/v1/vector_stores", "limit=10")).toEqual(names("vs_"));
    expect(await all("/v1/vector_stores", "limit=29&order=asc")).toEqual(names("vs_").toReversed());
    expect(await all("/v1/vector_stores/vs_0/files", "limit=11")).toEqual(names("file-"));
    expect(await all("/v1/vector_stores/vs_0/files", "filter=completed&order=asc")).toHaveLength(30);
    expect(await all("/v1/files", "purpose=fine-tune&limit=2")).toHaveLength(15);
  });

  it("gives those before an id", async () => {
    const { json } = await open().send("GET", "/v1/vector_stores?before=vs_20&limit=3");
    expect(json).toMatchObject({ data: [{ id: "vs_23" }, { id: "vs_22" }, { id: "vs_21" }], has_more: true });
    expect(((await open().send("GET", "/v1/files")).json as { data: unknown[] }).data).toHaveLength(30);
  });

  it.each([
    "limit=0",
    "limit=-1",
    "limit=x",
    "limit=1.5",
    "limit=",
    "order=up",
    "after=vs_none",
    "before=vs_none",
  ])("refuses %s: a page that began anew would never end", async (query) => {
    const { status, json } = await open().send("GET", `/v1/vector_stores?${query}`);
    expect([status, json]).toMatchObject([400, { error: { param: query.split("=")[0] } }]);
  });
});

it.each([
  ["succeeded", 400],
  ["failed", 400],
  ["cancelled", 200],
  ["running", 200],
])("cancels a job that is %s: %i", async (status, told) => {
  expect((await open().send("POST", `/v1/fine_tuning/jobs/ftjob-${status}/cancel`)).status).toBe(told);
});
