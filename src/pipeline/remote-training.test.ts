import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startFineTuning } from "../training/trainers/fake-fine-tuning.case.ts";
import { ask } from "./ask.ts";
import { collectWarnings, openProject } from "./context.ts";
import { train } from "./train.ts";

test("with training.backend openai the endpoint tunes the arm's model, once, and answers for the arm", async () => {
  const asked: string[] = [];
  const server = await startFineTuning({
    looks: 1,
    trouble: (what, _count, response, text) => {
      if (what !== "POST /chat/completions") return false;
      const { model } = JSON.parse(text) as { model: string };
      asked.push(model);
      const chunk = (choice: object) =>
        `data: ${JSON.stringify({ object: "chat.completion.chunk", model, choices: [{ index: 0, ...choice }] })}\n\n`;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(
        `${chunk({ delta: { role: "assistant", content: "Blue." }, finish_reason: null })}${chunk({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`,
      );
      return true;
    },
  });
  const folder = await mkdtemp(join(tmpdir(), "lorag-remote-"));
  await writeFile(
    join(folder, "lorag.yaml"),
    `base_model: cloud
models:
  cloud: {endpoint: "${server.endpoint}", model: test-model}
training: {backend: openai}
arms: [base, tuned]
documents: none
`,
  );
  const examples = Array.from({ length: 20 }, (_, i) => ({
    prompt: `What colour has number ${i * 37}?`,
    completion: i % 2 ? "Red." : "Blue.",
  }));
  await writeFile(join(folder, "examples.jsonl"), examples.map((line) => JSON.stringify(line)).join("\n"));
  const { warn, warnings } = collectWarnings();
  const context = await openProject(folder, { warn });
  const [trained] = await train(context);
  expect(trained).toMatchObject({ reused: false, record: { adapter: "ft:test-model:ftjob-1" } });
  expect(warnings).toContainEqual(expect.objectContaining({ code: "LORAG_REMOTE_TRAINING" }));
  expect((await train(context))[0]).toMatchObject({ reused: true });
  expect(server.jobs).toHaveLength(1);
  await expect(ask(context, { question: "What colour has number 4?", arm: "tuned" })).resolves.toMatchObject({
    text: "Blue.",
  });
  expect(asked).toEqual(["ft:test-model:ftjob-1"]);
});
