import { expect, it } from "vitest";
import type { GenerationRequest, LoragError, Message } from "../../contracts/index.ts";
import { testChatModel } from "../chat-model.case.ts";
import { createEndpointModel, type EndpointModelOptions } from "./endpoint-model.ts";
import { createSpending } from "./spending.ts";
import {
  chunk,
  finish,
  goodServer,
  sendAnswer,
  sendEvents,
  sendJson,
  startServer,
  usageOf,
  type Handler,
} from "./test-server.case.ts";

const messages: Message[] = [{ role: "user", content: "What is the capital of France?" }];
const patience = { tries: 3, firstWaitMs: 1, mostWaitMs: 5000 };

const good = await startServer(goodServer);
testChatModel("endpoint", () => createEndpointModel({ entry: good.entry(), patience }));

/** Asks a server that behaves so; the answer or the error. */
async function ask(
  handler: Handler,
  { entry: more = {}, ...options }: Partial<Omit<EndpointModelOptions, "entry">> & { entry?: object } = {},
  request: Partial<GenerationRequest> = {},
) {
  const server = await startServer(handler);
  const model = createEndpointModel({ entry: server.entry(more), patience, ...options });
  const asked = model.generate({ messages, sampling: { maxTokens: 8 }, ...request });
  const [outcome] = await Promise.allSettled([asked]);
  return {
    server,
    answer: outcome.status === "fulfilled" ? outcome.value : undefined,
    error: outcome.status === "rejected" ? (outcome.reason as LoragError) : undefined,
  };
}

it("takes many requests under one signal, without a word of Node's about listeners", async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => void warnings.push(warning);
  process.on("warning", hear);
  const model = createEndpointModel({ entry: good.entry({ concurrency: 16 }), patience });
  const { signal } = new AbortController();
  const asked = Array.from({ length: 40 }, () => model.generate({ messages, signal }));
  expect(await Promise.all(asked)).toHaveLength(40);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", hear);
  expect(warnings).toEqual([]);
});

const error = (message: string, more: object = {}) => ({ error: { message, ...more } });

it.each<[string, Handler, string, RegExp, object?]>([
  [
    "HTML",
    (_, response) =>
      void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Log in"),
    "LORAG_ENDPOINT_ANSWER",
    /an HTML page.*\/v1/s,
  ],
  [
    "JSON of another kind",
    (_, response) => sendJson(response, 200, { hello: 1 }),
    "LORAG_ENDPOINT_ANSWER",
    /without `choices`/,
  ],
  [
    "401",
    (_, response) => sendJson(response, 401, error("Incorrect API key")),
    "LORAG_ENDPOINT_REFUSED",
    /401.*Incorrect API key.*api_key_env/s,
  ],
  ["403", (_, response) => sendJson(response, 403, error("no access")), "LORAG_ENDPOINT_REFUSED", /403/],
  [
    "a redirect",
    (_, response) => void response.writeHead(301, { location: "https://example.org/v1" }).end(),
    "LORAG_ENDPOINT_ADDRESS",
    /301.*example\.org/s,
  ],
  [
    "429 for ever",
    (_, response) => sendJson(response, 429, error("slow down")),
    "LORAG_ENDPOINT_BUSY",
    /429.*`concurrency` \(now 8\)/s,
  ],
  [
    "429 with a wait of hours",
    (_, response) => sendJson(response, 429, error("slow down"), { "retry-after": "7200" }),
    "LORAG_ENDPOINT_BUSY",
    /429.* asks to wait for 2 hours/,
  ],
  [
    "no quota",
    (_, response) =>
      sendJson(response, 429, error("You exceeded your current quota", { code: "insufficient_quota" })),
    "LORAG_ENDPOINT_QUOTA",
    /quota/,
  ],
  [
    "500 for ever",
    (_, response) => sendJson(response, 500, error("boom")),
    "LORAG_ENDPOINT_FAILED",
    /500.*boom/s,
  ],
  [
    "a prompt too long",
    (_, response) =>
      sendJson(
        response,
        400,
        error("This model's maximum context length is 512 tokens", { code: "context_length_exceeded" }),
      ),
    "LORAG_PROMPT_TOO_LONG",
    /512/,
  ],
  [
    "a filter before",
    (_, response) => sendJson(response, 400, error("filtered", { code: "content_filter" })),
    "LORAG_REPLY_FILTERED",
    /content filter/,
  ],
  [
    "a field it must have",
    (_, response) => sendJson(response, 400, error("tools are needed")),
    "LORAG_ENDPOINT_REQUEST",
    /tools are needed/,
  ],
  [
    "a cut stream",
    (_, response) => {
      sendEvents(response, [chunk({ content: "The cap" })]);
      setTimeout(() => response.destroy(), 5);
    },
    "LORAG_REPLY_CUT",
    /broke off/,
  ],
  [
    "a stream without its end",
    (_, response) => {
      sendEvents(response, [chunk({ content: "The cap" })]);
      response.end();
    },
    "LORAG_REPLY_CUT",
    /broke off/,
  ],
  [
    "an error in the stream",
    (_, response) => {
      sendEvents(response, [error("out of memory", { code: 500 })]);
      response.end();
    },
    "LORAG_REPLY_CUT",
    /out of memory/,
  ],
  ["nothing", (_, response) => sendAnswer(response, []), "LORAG_REPLY_EMPTY", /empty answer/],
  [
    "a tool call",
    (_, response) => sendAnswer(response, [], "tool_calls"),
    "LORAG_REPLY_EMPTY",
    /called a tool/,
  ],
  [
    "a filter",
    (_, response) => sendAnswer(response, ["The "], "content_filter"),
    "LORAG_REPLY_FILTERED",
    /content filter/,
  ],
  [
    "a refusal",
    (_, response) => {
      sendEvents(response, [chunk({ refusal: "No." }), finish("stop"), "[DONE]"]);
      response.end();
    },
    "LORAG_REPLY_FILTERED",
    /content filter/,
  ],
  [
    "thinking alone",
    (_, response) => sendAnswer(response, ["<think>Well", ", let me"], "length"),
    "LORAG_REPLY_ONLY_REASONING",
    /no tokens left.*reasoning_tokens/s,
  ],
  [
    "another model",
    (_, response) => {
      sendEvents(response, [chunk({ content: "Paris" }, { model: "gpt-3" }), "[DONE]"]);
      response.end();
    },
    "LORAG_ENDPOINT_OTHER_MODEL",
    /"gpt-3" answered.*answers_as: "gpt-3"/s,
  ],
  ["silence", () => {}, "LORAG_ENDPOINT_SLOW", /took over 0\.05 s.*`timeout`/s, { timeout: 0.05 }],
  [
    "silence in the middle",
    (_, response) => sendEvents(response, [chunk({ content: "The" })]),
    "LORAG_ENDPOINT_SLOW",
    /took over 0\.2 s/,
    { timeout: 0.2 },
  ],
])("says what happened, which model and what to do: %s", async (_, handler, code, says, entry = {}) => {
  const { error } = await ask(handler, { entry });
  expect(error).toMatchObject({ code });
  expect(`${error!.message}\n${error!.next}`).toMatch(says);
  expect(error!.message).toMatch(/^The model test-model at http:\/\/127\.0\.0\.1:\d+\/v1 /);
});

it("shows the endpoint's models, nearest first, where it has not the one asked for", async () => {
  // Some servers fail with 500 for a model that they have not got.
  for (const status of [404, 500]) {
    const handler: Handler = ({ method }, response) =>
      method === "GET"
        ? sendJson(response, 200, { data: ["whisper", "qwen3:14b", "qwen3:8b"].map((id) => ({ id })) })
        : sendJson(response, status, error("model 'qwen3:8' not found"));
    const { error: told } = await ask(handler, { entry: { model: "qwen3:8" } });
    expect(told).toMatchObject({ code: "LORAG_ENDPOINT_MODEL" });
    expect(told!.next).toContain("qwen3:8b, qwen3:14b, whisper");
    if (status === 404) continue;
    const { error: failing } = await ask(handler, { entry: { model: "qwen3:8b" } });
    expect(failing).toMatchObject({ code: "LORAG_ENDPOINT_FAILED" });
  }
});

it("says that nothing listens, and that a key's variable is not set", async () => {
  const nobody = { ...good.entry(), endpoint: "http://127.0.0.1:9/v1" };
  const down = createEndpointModel({ entry: nobody, patience }).generate({ messages });
  await expect(down).rejects.toMatchObject({ code: "LORAG_ENDPOINT_DOWN", message: /ECONNREFUSED/ });
  const open = () =>
    createEndpointModel({ entry: good.entry({ api_key_env: "NO_SUCH_KEY" }), environment: {} });
  expect(open).toThrow(
    expect.objectContaining({
      code: "LORAG_ENDPOINT_KEY",
      message: expect.stringMatching(/NO_SUCH_KEY is not set/) as string,
    }),
  );
});

it("tries again what may pass, after the wait that was asked for", async () => {
  for (const first of [500, 503, 429, 408, 409]) {
    let times = 0;
    const { answer, server } = await ask((_, response) =>
      ++times === 1
        ? sendJson(response, first, error("once"), { "retry-after-ms": "5" })
        : sendAnswer(response, ["Paris", "."]),
    );
    expect(answer!.text).toBe("Paris.");
    expect(server.seen).toHaveLength(2);
  }
  let cut = 0;
  const { answer } = await ask((_, response) => {
    if (++cut > 1) return sendAnswer(response, ["Paris"]);
    sendEvents(response, [chunk({ content: "Lon" })]);
    setTimeout(() => response.destroy(), 5);
  });
  expect(answer!.text).toBe("Paris");
});

it("does not try again what would not pass, nor once text was given out", async () => {
  for (const status of [400, 401, 404]) {
    const { server } = await ask((_, response) => sendJson(response, status, error("no")));
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  }
  const heard: string[] = [];
  const handler: Handler = (_, response) => {
    sendEvents(response, [chunk({ content: "Lon" })]);
    setTimeout(() => response.destroy(), 20);
  };
  const { server, error: told } = await ask(handler, {}, { onText: (text) => heard.push(text) });
  expect([told!.code, heard, server.seen.length]).toEqual(["LORAG_REPLY_CUT", ["Lon"], 1]);
});

it("leaves out a field that a server does not know, and keeps it out", async () => {
  const server = await startServer(({ body, method }, response) => {
    if (method === "GET") return sendJson(response, 404, {});
    for (const field of ["max_tokens", "seed", "temperature"]) {
      if (field in body) {
        return sendJson(response, 400, error(`Unsupported parameter: '${field}' is not supported.`));
      }
    }
    sendAnswer(response, ["Paris"]);
  });
  const model = createEndpointModel({ entry: server.entry(), patience });
  expect((await model.generate({ messages, sampling: { maxTokens: 8 } })).text).toBe("Paris");
  const posts = () => server.seen.filter(({ method }) => method === "POST");
  expect(posts()).toHaveLength(4);
  await model.generate({ messages, sampling: { maxTokens: 8 } });
  expect(posts()).toHaveLength(5);
  expect(posts()[4]!.body).toMatchObject({ max_completion_tokens: 8, stream: true });
});

it("takes usage from the reply, and estimates it where there is none", async () => {
  const given = await ask((_, response) => sendAnswer(response, ["Par", "is"]));
  expect(given.answer!.usage).toEqual({ promptTokens: 10, completionTokens: 2, cachedTokens: 0 });
  const none = await ask((_, response) => {
    sendEvents(response, [chunk({ content: "It is Paris" }), finish("stop"), "[DONE]"]);
    response.end();
  });
  expect(none.answer!.usage).toMatchObject({ completionTokens: 3, estimated: true });
  expect(none.answer!.usage.promptTokens).toBeGreaterThan(7);
});

it("reads a reply that is not streamed, and one in parts", async () => {
  const message = {
    role: "assistant",
    content: [
      { type: "thinking", thinking: [{ text: "hm" }] },
      { type: "text", text: "Paris" },
    ],
  };
  const usage = {
    prompt_tokens: 5,
    completion_tokens: 9,
    completion_tokens_details: { reasoning_tokens: 7 },
  };
  const body = { model: "test-model", choices: [{ message, finish_reason: "stop" }], usage };
  const { answer } = await ask((_, response) => sendJson(response, 200, body));
  expect(answer).toMatchObject({ text: "Paris", usage: { completionTokens: 9, thinkingTokens: 7 } });
});

it.each([
  ["in a block", ["<th", "ink>Fran", "ce?</thi", "nk>\n\n", "Par", "is"]],
  ["in a block that the prompt opened", ["France?", "</think>", "\n\nParis"]],
])("takes thinking off and counts it: %s", async (_, pieces) => {
  const { answer } = await ask((_, response) => sendAnswer(response, pieces));
  expect(answer!.text).toBe("Paris");
  expect(answer!.usage.thinkingTokens).toBe(3);
  expect(answer!.usage.completionTokens).toBe(pieces.length);
});

it("takes thinking off that comes apart from the text", async () => {
  const { answer } = await ask((_, response) => {
    sendEvents(response, [
      chunk({ reasoning_content: "France?" }),
      chunk({ content: "Paris" }),
      finish("stop"),
      usageOf(9, 4),
      "[DONE]",
    ]);
    response.end();
  });
  expect(answer).toMatchObject({ text: "Paris", usage: { thinkingTokens: 3 } });
});

it("takes a dated or tagged name for the same model, and the one the entry names", async () => {
  for (const [model, answered, more] of [
    ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", {}],
    ["qwen3", "qwen3:latest", {}],
    ["org/tiny", "org/tiny@main", {}],
    ["deployment", "gpt-4o", { answers_as: "gpt-4o" }],
  ] as const) {
    const handler: Handler = (_, response) => {
      sendEvents(
        response,
        [chunk({ content: "Paris" }, { model: answered }), finish("stop"), "[DONE]"].map((event) =>
          typeof event === "string" ? event : { ...event, model: answered },
        ),
      );
      response.end();
    };
    expect((await ask(handler, { entry: { model, ...more } })).answer?.text).toBe("Paris");
  }
});

it("sends the key as a header, and shows it nowhere", async () => {
  const canary = "sk-canary-1234567890abcdef";
  const options = { entry: { api_key_env: "CANARY" }, environment: { CANARY: canary } };
  const told: string[] = [];
  const show = (fault: LoragError): string =>
    `${fault.message} ${fault.next} ${fault.stack} ${String(fault.cause)} ${JSON.stringify(fault)} ${JSON.stringify(fault.toPlain())}`;
  for (const status of [400, 401, 404, 429, 500]) {
    const { error: fault, server } = await ask(({ headers, method }, response) => {
      const echo = `no: ${headers.authorization}`;
      sendJson(
        response,
        method === "GET" ? 200 : status,
        method === "GET" ? { data: [{ id: echo }] } : error(echo),
      );
    }, options);
    expect(server.seen[0]!.headers.authorization).toBe(`Bearer ${canary}`);
    told.push(show(fault!));
  }
  const mid = await ask(({ headers }, response) => {
    sendEvents(response, [error(String(headers.authorization), { code: 400 })]);
    response.end();
  }, options);
  told.push(show(mid.error!));
  const other = await ask(({ headers }, response) => {
    sendEvents(response, [chunk({ content: "x" }, { model: headers.authorization })]);
    response.end();
  }, options);
  told.push(show(other.error!));
  expect(told.join("\n")).toContain("[key]");
  expect(told.join("\n")).not.toContain("canary-1234");
});

it("keeps to its concurrency", async () => {
  let [now, most] = [0, 0];
  const server = await startServer(async (_, response) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now--;
    sendAnswer(response, ["Paris"]);
  });
  const model = createEndpointModel({ entry: server.entry({ concurrency: 3 }), patience });
  await Promise.all(Array.from({ length: 20 }, () => model.generate({ messages })));
  expect(most).toBe(3);
});

it("says what an answer cost, and asks nothing more that could pass the budget", async () => {
  const prices = { input_mtok: 1000, output_mtok: 10_000 };
  const server = await startServer((_, response) => sendAnswer(response, ["Par", "is"]));
  const spending = createSpending({ limit: 0.3 });
  const model = createEndpointModel({ entry: server.entry(prices), patience, spending });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, () => model.generate({ messages, sampling: { maxTokens: 4 } })),
  );
  const answers = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  // 10 tokens in and 2 out.
  for (const { cost } of answers) expect(cost).toBeCloseTo(0.03, 9);
  expect(answers.length).toBeGreaterThanOrEqual(7);
  expect(spending.spent).toBeCloseTo(0.03 * answers.length, 9);
  expect(spending.spent).toBeLessThanOrEqual(0.3);
  expect(server.seen).toHaveLength(answers.length);
  const refused = outcomes.find((outcome) => outcome.status === "rejected");
  expect(refused!.reason).toMatchObject({ code: "LORAG_BUDGET", next: /raise `budget`/ });
});

it("asks nothing at a budget of 0, unless it is free", async () => {
  const spending = createSpending({ limit: 0 });
  const server = await startServer((_, response) => sendAnswer(response, ["Paris"]));
  const priced = createEndpointModel({ entry: server.entry({ input_mtok: 1, output_mtok: 1 }), spending });
  await expect(priced.generate({ messages })).rejects.toMatchObject({ code: "LORAG_BUDGET" });
  expect(server.seen).toHaveLength(0);
  const free = createEndpointModel({ entry: server.entry(), spending });
  expect((await free.generate({ messages })).text).toBe("Paris");
});
