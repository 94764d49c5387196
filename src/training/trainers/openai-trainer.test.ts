import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { endpointSchema, type Example } from "../../contracts/index.ts";
import { colourExamples, tinySettings } from "../tiny-llama.case.ts";
import { startFineTuning } from "./fake-fine-tuning.case.ts";
import { createFineTuningApi } from "./fine-tuning-api.ts";
import { createOpenAiTrainer } from "./openai-trainer.ts";
import { describeTrainer } from "./trainer.case.ts";
import type { TrainerJob } from "./trainer.ts";

const quick = { pollMs: 5, firstWaitMs: 5 };
const entryOf = (endpoint: string, more = {}) =>
  endpointSchema.parse({ endpoint, model: "test-model", timeout: 5, ...more });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lorag-openai-"));
});

/** Examples of their own for each name: equal ones are one job. */
function jobOf(name: string): TrainerJob {
  const own = (example: Example): Example => ({
    ...example,
    prompt: [{ role: "system", content: name }, ...example.prompt],
  });
  return {
    train: colourExamples(12, 1).map(own),
    validation: colourExamples(4, 2).map(own),
    settings: tinySettings,
    folder: join(folder, name, "adapter"),
    checkpoints: join(folder, name, "checkpoints"),
  };
}

describe("contract", async () => {
  const server = await startFineTuning();
  describeTrainer("openai", () => ({
    trainer: createOpenAiTrainer({ entry: entryOf(server.endpoint), ...quick }),
    job: jobOf,
    begun: (name) =>
      server.jobs.filter(({ training_file: file }) => server.files.get(file)!.includes(`"content":"${name}"`))
        .length,
  }));
});

test("the files hold every example as a chat; the folder says where the model is", async () => {
  const server = await startFineTuning();
  const trainer = createOpenAiTrainer({ entry: entryOf(server.endpoint), ...quick });
  const job = jobOf("files");
  const steps: number[] = [];
  const result = await trainer.train(job, { onStep: ({ step }) => steps.push(step) });
  expect(result).toMatchObject({ kind: "remote", model: "ft:test-model:ftjob-1" });
  expect(steps).toEqual([1, 2, 3]);
  expect(result.record.losses.at(-1)).toEqual({ step: 3, train: 2 / 3, validation: null });
  const sent = server.files
    .get("file-1")!
    .split("\r\n")
    .find((line) => line.startsWith("{"))!
    .split("\n");
  expect(sent.map((line) => JSON.parse(line) as unknown)).toEqual(
    job.train.map(({ prompt, completion }) => ({
      messages: [...prompt, { role: "assistant", content: completion }],
    })),
  );
  expect(JSON.parse(readFileSync(join(job.folder, "remote.json"), "utf8"))).toMatchObject({
    model: "ft:test-model:ftjob-1",
  });
});

test("an answer to the request for a job that is cut off, or is no answer, never makes a second job", async () => {
  for (const [name, answer] of [
    ["cut", "destroy"],
    ["bad", "502"],
    ["html", "html"],
  ] as const) {
    const server = await startFineTuning({
      trouble: (what, count, response) => {
        if (what !== "POST /fine_tuning/jobs" || count > 1) return false;
        if (answer === "destroy") response.destroy();
        else
          response
            .writeHead(answer === "502" ? 502 : 200, { "content-type": "text/html" })
            .end("<html>busy</html>");
        return true;
      },
    });
    const trainer = createOpenAiTrainer({ entry: entryOf(server.endpoint), ...quick });
    await expect(trainer.train(jobOf(name))).resolves.toMatchObject({ kind: "remote" });
    expect(server.jobs, name).toHaveLength(1);
  }
});

test("a run that lost its own record finds the job by what it is of", async () => {
  const server = await startFineTuning({ looks: 6 });
  const trainer = createOpenAiTrainer({ entry: entryOf(server.endpoint), ...quick });
  const abort = new AbortController();
  const left = trainer.train(jobOf("lost"), { signal: abort.signal, onStep: () => abort.abort() });
  await expect(left).rejects.toMatchObject({
    code: "LORAG_INTERRUPTED",
    message: expect.stringContaining("ftjob-1 goes on"),
  });
  rmSync(jobOf("lost").checkpoints, { recursive: true });
  await trainer.train(jobOf("lost"));
  expect(server.jobs).toHaveLength(1);
  expect(server.files.size).toBe(2);
});

test("a server that is busy, slow to wake or sends rubbish now and then is asked again", async () => {
  const server = await startFineTuning({
    trouble: (what, count, response) => {
      if (!what.startsWith("GET") || count % 2 === 0) return false;
      response.writeHead(count % 3 === 0 ? 429 : 503, { "content-type": "text/plain" }).end("busy");
      return true;
    },
  });
  const trainer = createOpenAiTrainer({ entry: entryOf(server.endpoint), ...quick });
  await expect(trainer.train(jobOf("busy"))).resolves.toMatchObject({ kind: "remote" });
});

test("a job that fails tells why, and the next run starts a new one", async () => {
  const server = await startFineTuning({ fails: "the file has 12 examples, at least 20 are needed" });
  const trainer = createOpenAiTrainer({ entry: entryOf(server.endpoint), ...quick });
  const failure = {
    code: "LORAG_TRAINING_FAILED",
    message: expect.stringContaining("at least 20 are needed"),
  };
  await expect(trainer.train(jobOf("fails"))).rejects.toMatchObject(failure);
  await expect(trainer.train(jobOf("fails"))).rejects.toMatchObject(failure);
  expect(server.jobs).toHaveLength(2);
});

test("a refusal is told without the key, and a key that is not set before anything is sent", async () => {
  const server = await startFineTuning({
    trouble: (_what, _count, response) => {
      response.writeHead(401).end('{"error": {"message": "bad key sk-123"}}');
      return true;
    },
  });
  const entry = entryOf(server.endpoint, { api_key_env: "TRAINING_KEY" });
  const trainer = createOpenAiTrainer({ entry, ...quick, environment: { TRAINING_KEY: "sk-123" } });
  await expect(trainer.train(jobOf("key"))).rejects.toMatchObject({
    code: "LORAG_TRAINING_REFUSED",
    message: expect.stringContaining("bad key [key]"),
  });
  const without = createOpenAiTrainer({ entry, ...quick, environment: {} });
  await expect(without.train(jobOf("key"))).rejects.toMatchObject({ code: "LORAG_TRAINING_KEY" });
});

test("a job can be cancelled", async () => {
  const server = await startFineTuning({ looks: 1000 });
  const api = createFineTuningApi(entryOf(server.endpoint), quick);
  const { id } = await api.create({ training_file: "file-1", metadata: {} });
  await api.cancel(id);
  expect((await api.job(id)).status).toBe("cancelled");
});
