import { execFileSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAdapterFolder } from "../src/pipeline/index.ts";
import { listen } from "../src/platform/index.ts";
import { createHandler, hashKey } from "../src/server/index.ts";
import { openTinyServer, taught, type TinyServer } from "./tiny-server.ts";

let server: TinyServer;
let client: OpenAI;

beforeAll(async () => {
  server = await openTinyServer();
  client = new OpenAI({ apiKey: "none", baseURL: server.address, maxRetries: 0 });
}, 60_000);
afterAll(async () => {
  await server?.close();
  expect(server.faults).toEqual([]);
});

const upload = async (lines: string[], name = "lines.jsonl") =>
  client.files.create({ file: await toFile(Buffer.from(lines.join("\n")), name), purpose: "fine-tune" });

async function finish(id: string) {
  for (;;) {
    const job = await client.fineTuning.jobs.retrieve(id);
    if (["succeeded", "failed", "cancelled"].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const ask = async (model: string, content = "what is c?") =>
  (await client.chat.completions.create({ model, messages: [{ role: "user", content }] })).choices[0]!.message
    .content;

it(
  "tunes on uploaded files, and answers each request of a batch by the adapter that it names",
  { timeout: 120_000 },
  async () => {
    const answers = ["red", "blue"];
    const files = await Promise.all(answers.map((answer) => upload(taught(answer))));
    const jobs = [];
    for (const [index, { id }] of files.entries()) {
      jobs.push(
        await client.fineTuning.jobs.create({
          model: "./model",
          training_file: id,
          suffix: answers[index]!,
          seed: 7,
          method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 8 } } },
        }),
      );
    }
    expect(jobs[0]!.status).toBe("validating_files");
    const done = await Promise.all(jobs.map(({ id }) => finish(id)));
    expect(done.map(({ status, error }) => [status, error])).toEqual([
      ["succeeded", null],
      ["succeeded", null],
    ]);
    const names = done.map(({ fine_tuned_model: name }) => name!);
    expect(names[0]).toMatch(/^ft:\.\/model:lorag:red:[0-9a-f]{8}$/);

    const listed: string[] = [];
    for await (const { id } of client.models.list()) listed.push(id);
    expect(listed).toEqual(expect.arrayContaining(names));
    // Two adapters and the base, mixed, all at once.
    const base = await ask("./model");
    expect(answers).not.toContain(base);
    const order = Array.from({ length: 24 }, (_, index) => index % 3);
    const mixed = await Promise.all(order.map((which) => ask(names[which] ?? "./model")));
    expect(mixed).toEqual(order.map((which) => answers[which] ?? base));

    const events = [];
    for await (const event of client.fineTuning.jobs.listEvents(jobs[0]!.id)) events.push(event.message);
    expect(events.at(-1)).toContain("created");
    expect(events[0]).toContain("succeeded");
    const checkpoints = [];
    for await (const each of client.fineTuning.jobs.checkpoints.list(jobs[0]!.id)) checkpoints.push(each);
    expect(checkpoints[0]!.fine_tuned_model_checkpoint).toBe(names[0]);
  },
);

it(
  "swaps versions of an adapter under load: no request fails, none is answered by another than it names",
  { timeout: 120_000 },
  async () => {
    const jobs = join(server.folder, ".lorag", "served", "jobs");
    const adapters = join(server.folder, "adapters");
    const tuned = (await client.fineTuning.jobs.list()).data;
    const answers = ["red", "blue"];
    for (const [index, answer] of answers.entries()) {
      const { id } = tuned.find((job) => job.fine_tuned_model?.includes(`:${answer}:`))!;
      const from = join(jobs, id, "adapter");
      await cp(from, join(adapters, "colour", String(index + 1)), { recursive: true });
    }
    const folder = openAdapterFolder(adapters, "./model");
    await folder.release("colour", "1");
    expect(await ask("colour:latest")).toBe("red");
    let swaps = 0;
    const wrong: string[] = [];
    const seen = new Set<string>();
    const load = async (model: string, expected: string[]): Promise<void> => {
      while (swaps < 100) {
        const said = await ask(model).catch(String);
        if (!expected.includes(said!)) wrong.push(`${model}: ${said}`);
        if (model.endsWith("latest")) seen.add(said!);
      }
    };
    const swap = async (): Promise<void> => {
      for (; swaps < 100; swaps++) {
        await folder.release("colour", String((swaps % 2) + 1));
        // Several swaps fall inside one answer as well.
        if (swaps % 5 === 0) await ask("colour:latest");
      }
    };
    const latest = load("colour:latest", answers);
    await Promise.all([swap(), latest, load("colour:1", ["red"]), load("colour:2", ["blue"])]);
    expect(wrong).toEqual([]);
    expect([...seen].sort()).toEqual(["blue", "red"]);

    await folder.release("colour", "1");
    await folder.canary("colour", "2", 0.05);
    const said = await Promise.all(Array.from({ length: 100 }, () => ask("colour:latest")));
    expect(said.filter((each) => each === "blue")).toHaveLength(5);
    // One user has one answerer, and keeps the canary while its share grows.
    const askAs = async (user: string) => {
      const messages = [{ role: "user" as const, content: "what is c?" }];
      const said = await client.chat.completions.create({ model: "colour:latest", messages, user });
      return said.choices[0]!.message.content;
    };
    const users = Array.from({ length: 24 }, (_, index) => `user ${index}`);
    await folder.canary("colour", "2", 0.3);
    const first = await Promise.all(users.map(askAs));
    expect(new Set(first)).toEqual(new Set(answers));
    expect(await Promise.all(users.map(askAs))).toEqual(first);
    await folder.canary("colour", "2", 0.6);
    const grown = await Promise.all(users.map(askAs));
    expect(grown.filter((each, index) => first[index] === "blue" && each !== "blue")).toEqual([]);
    expect(grown.filter((each) => each === "blue").length).toBeGreaterThan(
      first.filter((each) => each === "blue").length,
    );
    const metrics = await (await fetch(server.address.replace("/v1", "/metrics"))).text();
    expect(metrics).toMatch(/lorag_answer_seconds_count\{model="colour:2"\} \d+/);
    expect(metrics).toMatch(/lorag_adapters_resident [1-9]/);
    await folder.rollBack("colour");
    await folder.release("colour", "2");
    expect(await ask("colour:latest")).toBe("blue");
    await folder.rollBack("colour");
    expect(await ask("colour:latest")).toBe("red");

    // The same folder with another content is another adapter.
    await cp(join(adapters, "colour", "2"), join(adapters, "one"), { recursive: true });
    expect(await ask("one")).toBe("blue");
    await cp(join(adapters, "colour", "1"), join(adapters, "one"), { recursive: true });
    expect(await ask("one")).toBe("red");
    // Another base, and another template, are refused before anything is loaded.
    const config = join(adapters, "one", "adapter_config.json");
    const its = JSON.parse(await readFile(config, "utf8")) as object;
    await writeFile(config, JSON.stringify({ ...its, base_model_name_or_path: "other/llama" }));
    await expect(ask("one")).rejects.toMatchObject({ status: 409, code: "adapter_mismatch" });
    expect(await (await fetch(server.address.replace("/v1", "/metrics"))).text()).toMatch(
      /lorag_answers_failed_total\{model="one"\} 1/,
    );
    await writeFile(config, JSON.stringify(its));
    await writeFile(join(adapters, "one", "chat_template.jinja"), "{{ messages }}");
    await writeFile(config, `${JSON.stringify(its)}\n`);
    await expect(ask("one")).rejects.toMatchObject({ status: 409 });
  },
);

it("fails a job whose file has a bad line, naming the line, and leaves nothing that answers", async () => {
  const lines = Array.from({ length: 5_010 }, (_, index) => taught("red")[index % 12]!);
  lines[4_999] = '{"messages": [{"role": "user", "content": "what?"}]}';
  const { id } = await upload(lines, "long.jsonl");
  const job = await finish((await client.fineTuning.jobs.create({ model: "./model", training_file: id })).id);
  expect(job).toMatchObject({
    status: "failed",
    fine_tuned_model: null,
    error: { code: "invalid_training_file", param: "training_file" },
  });
  expect(job.error!.message).toContain("line 5000");
});

it("tunes on preferences, and refuses a file that holds none", { timeout: 120_000 }, async () => {
  const pair = (letter: string): string =>
    JSON.stringify({
      input: { messages: [{ role: "user", content: `what is ${letter}?` }] },
      preferred_output: [{ role: "assistant", content: "red" }],
      non_preferred_output: [{ role: "assistant", content: "blue" }],
    });
  const method = { type: "dpo" as const };
  const files = [await upload([..."abcd"].map(pair)), await upload(taught("red"))];
  const jobs = [];
  for (const { id } of files) {
    jobs.push(await client.fineTuning.jobs.create({ model: "./model", training_file: id, method }));
  }
  expect(await finish(jobs[0]!.id)).toMatchObject({ status: "succeeded", method: { type: "dpo" } });
  expect(await finish(jobs[1]!.id)).toMatchObject({
    status: "failed",
    error: { code: "invalid_training_file", message: expect.stringContaining("not preferred") as string },
  });
});

it("cancels a job", async () => {
  const { id } = await upload(taught("green"));
  const hyperparameters = { n_epochs: 50 };
  const job = await client.fineTuning.jobs.create({
    model: "./model",
    training_file: id,
    method: { type: "supervised", supervised: { hyperparameters } },
  });
  await client.fineTuning.jobs.cancel(job.id);
  expect((await finish(job.id)).status).toBe("cancelled");
});

it(
  "searches uploaded documents and answers from them, with what it cites",
  { timeout: 120_000 },
  async () => {
    const texts = {
      "ferry.md": "# Ferry\n\nThe ferry to Skerry leaves at nine. A dog pays three pounds.",
      "bakery.md": "# Bakery\n\nThe bakery opens at six and sells rye bread.",
    };
    const files = await Promise.all(
      Object.entries(texts).map(async ([name, text]) =>
        client.files.create({ file: await toFile(Buffer.from(text), name), purpose: "assistants" }),
      ),
    );
    const store = await client.vectorStores.create({ name: "town", file_ids: files.map(({ id }) => id) });
    await expect
      .poll(async () => (await client.vectorStores.retrieve(store.id)).file_counts.completed, {
        timeout: 60_000,
      })
      .toBe(2);
    const found = await client.vectorStores.search(store.id, { query: "What does a dog pay on the ferry?" });
    expect(found.data[0]).toMatchObject({ file_id: files[0]!.id, filename: "ferry.md" });

    const response = await client.responses.create({
      model: "./model",
      input: "What does a dog pay?",
      tools: [{ type: "file_search", vector_store_ids: [store.id] }],
      include: ["file_search_call.results"],
    });
    const [search, message] = response.output;
    expect(search).toMatchObject({ type: "file_search_call", results: [{ filename: "ferry.md" }, {}] });
    expect(message).toMatchObject({ type: "message", content: [{ type: "output_text" }] });
    // What a random model writes is borne out by nothing.
    expect(response.output_text.length).toBeGreaterThan(0);

    await client.vectorStores.files.delete(files[0]!.id, { vector_store_id: store.id });
    const left = await client.vectorStores.search(store.id, { query: "What does a dog pay on the ferry?" });
    expect(left.data.map(({ filename }) => filename)).toEqual(["bakery.md"]);
    await client.vectorStores.delete(store.id);
    await expect(client.vectorStores.retrieve(store.id)).rejects.toMatchObject({ status: 404 });
  },
);

it("writes JSON of a schema, and tells log probabilities", async () => {
  // The model has a token for each of few characters, no braces among them.
  const schema = { anyOf: [{ type: "integer", minimum: 10, maximum: 99 }, { type: "boolean" }] };
  const messages = [{ role: "user" as const, content: "what is c?" }];
  const answer = await client.chat.completions.create({
    model: "./model",
    messages,
    max_tokens: 100,
    response_format: { type: "json_schema", json_schema: { name: "fare", schema, strict: true } },
  });
  expect(answer.choices[0]!.message.content).toMatch(/^(?:[1-9]\d|true|false)$/);
  const told = await client.chat.completions.create({
    model: "./model",
    messages,
    max_tokens: 4,
    logprobs: true,
    top_logprobs: 2,
  });
  const content = told.choices[0]!.logprobs!.content!;
  expect(content.map(({ token }) => token).join("")).toBe(told.choices[0]!.message.content);
  expect(content[0]!.top_logprobs).toHaveLength(2);
});

it("reranks, and shortens vectors", async () => {
  const base = client.baseURL;
  const models = (await (await fetch(`${base}/models`)).json()) as { data: { id: string }[] };
  const embedder = models.data.map(({ id }) => id).find((id) => /minilm/i.test(id))!;
  const documents = ["The bakery opens at six.", { text: "A dog pays three pounds on the ferry." }];
  const response = await fetch(`${base}/rerank`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: embedder,
      query: "ferry fare of a dog",
      documents,
      top_n: 1,
      return_documents: true,
    }),
  });
  expect(await response.json()).toMatchObject({
    results: [{ index: 1, document: { text: "A dog pays three pounds on the ferry." } }],
  });
  const whole = await client.embeddings.create({ model: embedder, input: "x", encoding_format: "float" });
  const short = await client.embeddings.create({ model: embedder, input: "x", dimensions: 8 });
  const [vector] = short.data.map(({ embedding }) => embedding);
  expect(vector).toHaveLength(8);
  expect(Math.hypot(...vector!)).toBeCloseTo(1, 5);
  expect(vector![0]! / vector![1]!).toBeCloseTo(
    whole.data[0]!.embedding[0]! / whole.data[0]!.embedding[1]!,
    3,
  );
});

it(
  "is back after the model's process was killed, with its adapters, and lets nobody wait meanwhile",
  { timeout: 150_000 },
  async () => {
    const models = (await client.models.list()).data.map(({ id }) => id);
    const tuned = models.find((id) => id.startsWith("ft:") && id.includes(":blue:"))!;
    expect(await ask(tuned)).toBe("blue");
    const child = execFileSync("pgrep", ["-n", "-P", String(process.pid), "-f", "local-model-worker"]);
    process.kill(Number(child), "SIGKILL");
    const first = await ask(tuned).catch((error: unknown) => (error as { status: number }).status);
    expect(first).toBe(503);
    await expect.poll(() => ask(tuned).catch(() => "not yet"), { timeout: 30_000 }).toBe("blue");
    server.faults.length = 0;
  },
);

it("shows no tenant what is another's", { timeout: 60_000 }, async () => {
  const tenants = ["ann", "bo", "cy"].map((name) => ({ name, key: `${name}-0123456789abcdef` }));
  const handler = createHandler({
    service: server.service,
    hosts: ["127.0.0.1"],
    keys: async () => tenants.map(({ name, key }) => ({ name, hash: hashKey(key) })),
    onError: (error) => server.faults.push(error),
  });
  const own = await listen(handler.handle, { host: "127.0.0.1", port: 0 });
  try {
    const clients = tenants.map(
      ({ key }) => new OpenAI({ apiKey: key, baseURL: `http://127.0.0.1:${own.port}/v1`, maxRetries: 0 }),
    );
    const things = await Promise.all(
      clients.map(async (each, index) => {
        const canary = `canary of ${tenants[index]!.name}`;
        const content = await toFile(Buffer.from(`${canary} lives in the harbour.`), "canary.md");
        const file = await each.files.create({ file: content, purpose: "assistants" });
        const store = await each.vectorStores.create({ name: canary, file_ids: [file.id] });
        await expect
          .poll(async () => (await each.vectorStores.retrieve(store.id)).file_counts.completed, {
            timeout: 30_000,
          })
          .toBe(1);
        const job = await each.fineTuning.jobs.create({ model: "./model", training_file: file.id });
        return { canary, file: file.id, store: store.id, job: job.id };
      }),
    );
    const notFound = { status: 404 };
    for (const [who, each] of clients.entries()) {
      for (const [whose, thing] of things.entries()) {
        if (who === whose) {
          const hits = await each.vectorStores.search(thing.store, { query: "Who lives in the harbour?" });
          expect(JSON.stringify(hits.data)).toContain(thing.canary);
          expect((await each.vectorStores.list()).data.map(({ name }) => name)).toEqual([thing.canary]);
          expect((await each.files.list()).data.map(({ id }) => id)).toEqual([thing.file]);
          continue;
        }
        const ask = { query: "Who lives in the harbour?" };
        await expect(each.files.content(thing.file)).rejects.toMatchObject(notFound);
        await expect(each.files.delete(thing.file)).rejects.toMatchObject(notFound);
        await expect(each.vectorStores.search(thing.store, ask)).rejects.toMatchObject(notFound);
        await expect(each.vectorStores.delete(thing.store)).rejects.toMatchObject(notFound);
        await expect(each.fineTuning.jobs.retrieve(thing.job)).rejects.toMatchObject(notFound);
        await expect(each.fineTuning.jobs.cancel(thing.job)).rejects.toMatchObject(notFound);
        const stolen = { model: "./model", training_file: thing.file };
        await expect(each.fineTuning.jobs.create(stolen)).rejects.toMatchObject(notFound);
        await expect(each.vectorStores.create({ file_ids: [thing.file] })).rejects.toMatchObject(notFound);
        const tools = [{ type: "file_search" as const, vector_store_ids: [thing.store] }];
        const foreign = each.responses.create({ model: "./model", input: "x", tools });
        await expect(foreign).rejects.toMatchObject(notFound);
      }
    }
    // What one key tuned is no model of another's.
    const seen = (await clients[0]!.models.list()).data.map(({ id }) => id);
    expect(seen.filter((id) => id.startsWith("ft:"))).toEqual([]);
  } finally {
    await own.close();
  }
});
