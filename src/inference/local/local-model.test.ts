import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Generation, Message, Sampling } from "../../contracts/index.ts";
import {
  parameterTensors,
  initializeAdapter,
  layoutAdapter,
  decoderModules,
  openModel,
  parseDecoderConfig,
  resolveModel,
  writeAdapter,
  type ResolvedModel,
} from "../../models/index.ts";
import { testAdapterHost } from "../adapter-host.case.ts";
import { testChatModel } from "../chat-model.case.ts";
import { createLocalModel, type LocalModel } from "./local-model.ts";
import { seededRandom } from "../../random/index.ts";

const subjects = [
  "tides",
  "harbours",
  "bread",
  "volcanoes",
  "chess",
  "bicycles",
  "maps",
  "glaciers",
  "bees",
  "kites",
];
const asks = [
  (subject: string) => `Name one fact about ${subject}.`,
  (subject: string) => `Why do people like ${subject}?`,
  (subject: string) => `Write a very short poem on ${subject}, please, with no rhyme in it at all.`,
  (subject: string) => subject,
  (subject: string) => `${subject} `.repeat(12),
];
/** How it goes on after the name is a close call for int8. */
const capital = { f32: /^The capital of France is Paris\.$/, int8: /^The capital of France is Paris\b/ };
const chat = (content: string): Message[] => [{ role: "user", content }];
/** A hundred prompts of many lengths, half of them under the same system message. */
const prompts: Message[][] = subjects.flatMap((subject) =>
  asks.flatMap((ask) => [
    chat(ask(subject)),
    [
      {
        role: "system" as const,
        content: "You answer questions about the world in a few plain words, and kindly.",
      },
      ...chat(ask(subject)),
    ],
  ]),
);

let model: ResolvedModel;
let folder: string;
beforeAll(async () => {
  model = await resolveModel("smollm2-135m-instruct");
  folder = await mkdtemp(join(tmpdir(), "lorag-generator-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An adapter of noise, strong enough to change answers. */
async function writeNoiseAdapter(name: string, seed: number, rank: number): Promise<string> {
  const opened = await openModel(model);
  opened.weights.close();
  const lora = { rank, alpha: 2 * rank, dropout: 0, targets: "all-linear" } as const;
  const layout = layoutAdapter(decoderModules(parseDecoderConfig(opened.config)), lora);
  const random = seededRandom(seed);
  const values = initializeAdapter(layout, random);
  for (const { name: tensor, shape, offset } of layout.tensors) {
    if (tensor.endsWith(".lora_A.weight")) continue;
    for (let i = 0; i < shape[0] * shape[1]; i++) values[offset + i] = (random() - 0.5) * 0.05;
  }
  const tensors = new Map(
    [...parameterTensors(layout, values)].map(([tensor, { shape, values: data }]) => [
      tensor,
      { shape, data },
    ]),
  );
  const path = join(folder, name);
  await writeAdapter(path, { baseModel: model.name, rank, alpha: 2 * rank, dropout: 0, tensors });
  return path;
}

// f32 takes twice as long a step, and shares all but the products with int8.
describe.each([
  ["int8", prompts],
  ["f32", prompts.filter((_, i) => i % 3 === 0)],
] as const)("%s", { timeout: 300_000 }, (arithmetic, asked) => {
  let generator: LocalModel;
  beforeAll(async () => {
    generator = await createLocalModel({ model, arithmetic });
  });
  afterAll(() => generator.close());

  it(`answers ${asked.length} prompts in a batch as it answers each alone`, async () => {
    // Lengths differ, so that neighbours come and go.
    const ask = (messages: Message[], i: number) =>
      generator.generate({ messages, sampling: { maxTokens: 2 + ((i * 7) % 15) } });
    const together = await Promise.all(asked.map(ask));
    const alone: Generation[] = [];
    for (const [i, messages] of asked.entries()) alone.push(await ask(messages, i));
    expect(together.map(({ text }) => text)).toEqual(alone.map(({ text }) => text));
    expect(new Set(alone.map(({ text }) => text)).size).toBeGreaterThan(asked.length / 2);
  });

  it("knows a capital", async () => {
    const { text } = await generator.generate({ messages: chat("What is the capital of France?") });
    expect(text).toMatch(capital[arithmetic]);
  });
});

describe("generator", { timeout: 300_000 }, () => {
  let generator: LocalModel;
  const generate = (content: string, sampling: Partial<Sampling> = {}, adapter?: string) =>
    generator.generate({
      messages: chat(content),
      sampling: { maxTokens: 12, ...sampling },
      ...(adapter && { adapter }),
    });
  beforeAll(async () => {
    generator = await createLocalModel({ model, contextLength: 512 });
  });
  afterAll(() => generator.close());

  testChatModel("local", () => generator);
  it("writes what a schema allows, beside others that write as ever", async () => {
    const alone = await generate("Name three fruits.", { maxTokens: 30 });
    const schema = {
      type: "object",
      properties: {
        capital: { type: "string", maxLength: 20 },
        people: { type: "integer", minimum: 0, maximum: 9 },
        kind: { enum: ["city", "village"] },
      },
      required: ["capital", "people", "kind"],
      additionalProperties: false,
    };
    const constraint = { kind: "json" as const, schema };
    const asked = { messages: chat("What is the capital of France?"), constraint };
    const pieces: string[] = [];
    const [greedy, drawn, plain] = await Promise.all([
      generator.generate({ ...asked, onText: (piece) => pieces.push(piece) }),
      generator.generate({ ...asked, sampling: { temperature: 2, seed: 3 } }),
      generate("Name three fruits.", { maxTokens: 30 }),
    ]);
    for (const { text, finishReason } of [greedy, drawn]) {
      expect(finishReason).toBe("stop");
      expect(Object.keys(JSON.parse(text) as object)).toEqual(["capital", "people", "kind"]);
      expect((JSON.parse(text) as { kind: string }).kind).toMatch(/^(?:city|village)$/);
    }
    expect(pieces.join("")).toBe(greedy.text);
    expect(plain.text).toBe(alone.text);
    await expect(
      generator.generate({ ...asked, constraint: { kind: "json", schema: { type: "text" } } }),
    ).rejects.toMatchObject({ code: "LORAG_SCHEMA" });
  });

  it("tells how likely it held each token", async () => {
    const asked = { messages: chat("What is the capital of France?"), topLogprobs: 3 };
    const { text, logprobs, usage } = await generator.generate(asked);
    expect(text).toBe((await generate("What is the capital of France?", { maxTokens: 128 })).text);
    expect(logprobs!.map(({ token }) => token).join("")).toBe(text);
    expect(logprobs).toHaveLength(usage.completionTokens);
    for (const { token, logprob, top } of logprobs!) {
      expect(top[0]).toEqual({ token, logprob });
      expect(top.reduce((sum, each) => sum + Math.exp(each.logprob), 0)).toBeLessThanOrEqual(1 + 1e-6);
      expect(top.map((each) => each.logprob)).toEqual(
        top.map((each) => each.logprob).toSorted((a, b) => b - a),
      );
    }
  });

  testAdapterHost(
    "local",
    () => generator,
    (name, seed) => writeNoiseAdapter(name, seed, 8),
  );

  it("draws the same text for the same seed, whatever runs beside it", async () => {
    const draw = (seed: number) =>
      generate("Tell me a story.", { temperature: 1.2, topP: 0.95, topK: 200, repetitionPenalty: 1.1, seed });
    const [first, ...others] = await Promise.all([draw(1), draw(2), draw(3), generate("Hello"), draw(1)]);
    expect((await draw(1)).text).toBe(first!.text);
    expect(others.at(-1)!.text).toBe(first!.text);
    expect(others[0]!.text).not.toBe(first!.text);
  });

  it("counts the tokens of a chat as it reads them", async () => {
    const messages = chat("What is the capital of France?");
    const { usage } = await generator.generate({ messages, sampling: { maxTokens: 1 } });
    expect(usage.promptTokens).toBe(await generator.countTokens(messages));
  });

  it("refuses a prompt that does not fit", async () => {
    await expect(generate("tide ".repeat(600))).rejects.toMatchObject({ code: "LORAG_PROMPT_TOO_LONG" });
  });

  it("ends an answer at the end of the context", async () => {
    const content = "tide ".repeat(440);
    const { usage, finishReason } = await generate(content, { maxTokens: 400, temperature: 2, seed: 5 });
    expect(finishReason).toBe("length");
    expect(usage.promptTokens + usage.completionTokens).toBe(512);
  });

  it("reuses the keys and values of a shared beginning without changing an answer", async () => {
    const system = {
      role: "system" as const,
      content: "Answer as a harbour pilot would, briefly. ".repeat(8),
    };
    const ask = (content: string) =>
      generator.generate({ messages: [system, ...chat(content)], sampling: { maxTokens: 8 } });
    const first = await ask("What is a tide?");
    await ask("What is a buoy?");
    const again = await ask("What is a tide?");
    expect(again.usage.cachedTokens).toBeGreaterThan(60);
    expect(again.text).toBe(first.text);
  });

  it("serves several adapters in one batch as it serves each alone, and takes them out again", async () => {
    const names = ["one", "two", "three"];
    for (const [i, name] of names.entries())
      await generator.loadAdapter(name, await writeNoiseAdapter(name, i + 1, [8, 4, 12][i]!));
    const questions = ["What is a tide?", "Name a colour.", "Say hello.", "What is the capital of France?"];
    const wanted = [undefined, ...names].flatMap((adapter) =>
      questions.map((question) => ({ adapter, question })),
    );
    const together = await Promise.all(
      wanted.map(({ adapter, question }) => generate(question, {}, adapter)),
    );
    const alone: Generation[] = [];
    for (const { adapter, question } of wanted) alone.push(await generate(question, {}, adapter));
    expect(together.map(({ text }) => text)).toEqual(alone.map(({ text }) => text));
    expect(new Set(alone.map(({ text }) => text)).size).toBeGreaterThan(8);
  });

  it("loads and unloads adapters while others answer", async () => {
    await generator.loadAdapter("busy", await writeNoiseAdapter("busy", 7, 4));
    const wide = await writeNoiseAdapter("wide", 8, 16);
    const questions = ["What is a tide?", "Name a colour.", "Say hello."];
    const alone: string[] = [];
    for (const question of questions) alone.push((await generate(question, { maxTokens: 40 })).text);
    const [ofBase, ofBusy] = [undefined, "busy"].map((adapter) =>
      Promise.all(questions.map((question) => generate(question, { maxTokens: 40 }, adapter))),
    );
    for (let turn = 0; turn < 4; turn++) {
      // Another width, so that the graph in use is replaced.
      await generator.loadAdapter("wide", wide);
      await generator.unloadAdapter("wide");
    }
    expect((await ofBase!).map(({ text }) => text)).toEqual(alone);
    expect((await ofBusy!).every(({ usage }) => usage.completionTokens > 0)).toBe(true);
  });

  it("takes adapters in and out in the order it is asked to, however long one takes to read", async () => {
    const [large, small] = [await writeNoiseAdapter("large", 9, 64), await writeNoiseAdapter("small", 10, 1)];
    const loads = [generator.loadAdapter("turn", large), generator.loadAdapter("turn", small)];
    await Promise.all([...loads, generator.loadAdapter("gone", large), generator.unloadAdapter("gone")]);
    await generator.loadAdapter("small", small);
    const [turn, last] = await Promise.all(["turn", "small"].map((name) => generate("Say hello.", {}, name)));
    expect(turn!.text).toBe(last!.text);
    await expect(generate("Hello", {}, "gone")).rejects.toMatchObject({ code: "LORAG_UNKNOWN_ADAPTER" });
  });

  it("closes while requests run, and after its worker has ended by itself", async () => {
    const request = { messages: chat("Count to a thousand."), sampling: { maxTokens: 500 } };
    const ended = { code: "LORAG_WORKER_ENDED" };
    const closed = await createLocalModel({ model });
    const cut = closed.generate(request);
    await Promise.all([expect(cut).rejects.toMatchObject(ended), closed.close(), closed.close()]);
    await expect(closed.generate(request)).rejects.toThrow("ended before the call");

    const killed = await createLocalModel({ model });
    const lost = killed.generate(request);
    const newestChild = execFileSync("pgrep", ["-n", "-P", String(process.pid), "-f", "local-model-worker"]);
    process.kill(Number(newestChild), "SIGKILL");
    await expect(lost).rejects.toMatchObject(ended);
    // None waits for it, and it is back.
    const early = killed.generate({ messages: chat("Hello."), sampling: { maxTokens: 2 } });
    await expect(early).rejects.toMatchObject({ code: "LORAG_MODEL_RESTARTING" });
    const again = () => killed.generate({ messages: chat("Hello."), sampling: { maxTokens: 2 } });
    await expect
      .poll(
        () =>
          again().then(
            ({ usage }) => usage.completionTokens,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(2);
    await killed.close();
  });

  it("leaves the caller's event loop free", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { usage } = await generate("Count to a hundred.", { maxTokens: 24 });
    clearInterval(timer);
    // Were the model run here, the loop would turn at most once between two tokens.
    expect(turns).toBeGreaterThan(2 * usage.completionTokens);
  });
});
