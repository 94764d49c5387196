import { mkdtempSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject, openService } from "../src/pipeline/index.ts";
import { listen, type Listener } from "../src/platform/index.ts";
import { createHandler } from "../src/server/index.ts";
import { writeTinyLlama } from "../src/training/tiny-llama.case.ts";

/** A tiny model with random weights, which says what its adapters were taught and nothing else that is to be known. */
const folder = mkdtempSync(join(tmpdir(), "lorag-serve-"));
let service: Awaited<ReturnType<typeof openService>>;
let listener: Listener;
let client: OpenAI;
const faults: unknown[] = [];

beforeAll(async () => {
  const model = join(folder, "model");
  await writeTinyLlama(model);
  const config = JSON.parse(await readFile(join(model, "config.json"), "utf8")) as object;
  await writeFile(join(model, "config.json"), JSON.stringify({ ...config, max_position_embeddings: 2048 }));
  await writeFile(
    join(folder, "lorag.yaml"),
    "base_model: ./model\narithmetic: f32\narms: [base]\nlearning_rate: 0.02\nmicro_batch_size: 2\n" +
      "gradient_accumulation_steps: 1\nsequence_len: 64\nval_set_size: 0\nevals_per_epoch: 1\nmax_new_tokens: 16\n",
  );
  service = await openService(await openProject(folder));
  const handler = createHandler({
    service,
    hosts: ["127.0.0.1"],
    keys: async () => [],
    onError: (error) => faults.push(error),
  });
  listener = await listen(handler.handle, { host: "127.0.0.1", port: 0 });
  client = new OpenAI({ apiKey: "none", baseURL: `http://127.0.0.1:${listener.port}/v1`, maxRetries: 0 });
}, 60_000);
afterAll(async () => {
  await listener?.close();
  await service?.close();
  expect(faults).toEqual([]);
});

const upload = async (lines: string[], name = "lines.jsonl") =>
  client.files.create({ file: await toFile(Buffer.from(lines.join("\n")), name), purpose: "fine-tune" });

const taught = (answer: string): string[] =>
  [..."abcdefghijkl"].map((letter) =>
    JSON.stringify({
      messages: [
        { role: "user", content: `what is ${letter}?` },
        { role: "assistant", content: answer },
      ],
    }),
  );

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
