import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sendAnswer, sendJson, startServer } from "../../inference/endpoint/test-server.case.ts";
import { compare } from "../compare.ts";
import { openProject } from "../context.ts";

test("an endpoint that answers otherwise a second time is told of, and asked again only once", async () => {
  const asked = new Map<string, number>();
  const moody = new Set<string>();
  const server = await startServer(({ method, body }, response) => {
    if (method === "GET") return sendJson(response, 200, { data: [{ id: "test-model" }] });
    const place = /place (\d+)/.exec(JSON.stringify(body["messages"]))![1]!;
    const times = (asked.get(place) ?? 0) + 1;
    asked.set(place, times);
    if (times === 2 && moody.size < 4) moody.add(place);
    sendAnswer(response, [times === 2 && moody.has(place) ? "Lyon" : "Paris"]);
  });
  const { endpoint, model } = server.entry();
  const folder = await mkdtemp(join(tmpdir(), "lorag-again-"));
  await writeFile(
    join(folder, "lorag.yaml"),
    `models: { far: { endpoint: "${endpoint}", model: ${model} } }\nbase_model: far\narms: [base]\ntest_set_size: 30\n`,
  );
  const lines = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({ prompt: `What is the town at place ${100 + i}?`, completion: `Town ${100 + i}` }),
  );
  await writeFile(join(folder, "examples.jsonl"), lines.join("\n"));

  const run = async (): Promise<string[]> => {
    const { results } = await compare(await openProject(folder), { width: 80, color: false });
    return (results.run.warnings ?? []).filter((warning) => warning.includes("a second time"));
  };
  const told = [expect.stringMatching(/^4 of 20 questions were answered differently a second time by base/)];
  expect(await run()).toEqual(told);
  const answers = (): number => server.seen.filter(({ method }) => method === "POST").length;
  const before = answers();
  expect(await run()).toEqual(told);
  expect(answers()).toBe(before);
});
