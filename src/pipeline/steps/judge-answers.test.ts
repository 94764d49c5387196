import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sendAnswer, sendJson, startServer } from "../../inference/endpoint/test-server.case.ts";
import { compare } from "../compare.ts";
import { openProject } from "../context.ts";

const tag = (name: string, text: string): string =>
  new RegExp(`<${name}>\\n([\\s\\S]*?)\\n</${name}>`).exec(text)?.[1] ?? "";

/** One server that answers towns, and judges them by the number they end with; 107 leaves it speechless. */
const startTown = () =>
  startServer(({ method, body }, response) => {
    if (method === "GET") return sendJson(response, 200, { data: [{ id: "test-model" }] });
    const [{ content }] = (body["messages"] as { content: string }[]).slice(-1) as [{ content: string }];
    const answer = tag("answer_to_grade", content);
    if (answer === "") {
      const place = Number(/place (\d+)/.exec(content)![1]);
      return sendAnswer(response, [`That would be number ${place % 3 === 0 ? place + 1 : place}`]);
    }
    if (answer.endsWith("107")) return sendAnswer(response, ["NaN"]);
    const same = /\d+/.exec(tag("right_answer", content))?.[0] === /\d+/.exec(answer)?.[0];
    sendAnswer(response, [same ? "RIGHT. The same number." : "WRONG. Another number."]);
  });

test("a judge's verdicts make the figures; its agreement, failures and cost are told; it is paid once", async () => {
  const server = await startTown();
  const { endpoint, model } = server.entry();
  const folder = await mkdtemp(join(tmpdir(), "lorag-judge-"));
  await writeFile(
    join(folder, "lorag.yaml"),
    [
      "models:",
      `  far: { endpoint: "${endpoint}", model: ${model} }`,
      `  big: { endpoint: "${endpoint}", model: ${model}, input_mtok: 1, output_mtok: 10 }`,
      "base_model: far",
      "arms: [base]",
      "grading: { mode: judge, model: big }",
      "test_datasets: [{ path: held.jsonl }]",
    ].join("\n"),
  );
  const line = (i: number) =>
    JSON.stringify({ prompt: `What is the town at place ${i}?`, completion: `Town ${i}` });
  const lines = (from: number, n: number) => Array.from({ length: n }, (_, i) => line(from + i)).join("\n");
  await writeFile(join(folder, "examples.jsonl"), lines(300, 10));
  await writeFile(join(folder, "held.jsonl"), lines(100, 30));

  const run = async () => (await compare(await openProject(folder), { width: 80, color: false })).results;
  const results = await run();
  const base = results.arms[0]!;
  if (base.status !== "ok") throw new Error("base failed");
  // Of 100 to 129, ten are answered by another number, and one of the others has no verdict.
  expect(base.metrics.correct).toMatchObject({ value: 19 / 30, n: 30 });
  expect(results.questions.find(({ gold }) => gold === "Town 101")!.arms["base"]!.why).toBe(
    "The same number.",
  );
  expect(results.questions.find(({ gold }) => gold === "Town 107")!.arms["base"]!.why).toMatch(
    /neither right/,
  );
  const [judge] = results.judges;
  expect(judge).toMatchObject({ model: "big", failed: 1, agreement: { n: 20 } });
  expect(judge!.agreement!.value).toBeGreaterThan(0.9);
  expect(judge!.cost).toBeGreaterThan(0);
  expect(results.run.warnings).toContainEqual(
    expect.stringMatching(/^1 answer was called neither right nor wrong by the judge big/),
  );

  const before = server.seen.filter(({ method }) => method === "POST").length;
  expect((await run()).judges).toEqual(results.judges);
  expect(server.seen.filter(({ method }) => method === "POST").length).toBe(before);
});

test("a judge whose key is not set is told before any question is asked", async () => {
  const server = await startTown();
  const { endpoint, model } = server.entry();
  const folder = await mkdtemp(join(tmpdir(), "lorag-judge-"));
  await writeFile(
    join(folder, "lorag.yaml"),
    `models:
  far: { endpoint: "${endpoint}", model: ${model} }
  big: { endpoint: "${endpoint}", model: ${model}, api_key_env: LORAG_NO_SUCH_KEY }
base_model: far
arms: [base]
grading: { mode: judge, model: big }
`,
  );
  const lines = Array.from({ length: 20 }, (_, i) =>
    JSON.stringify({ prompt: `What is the town at place ${i}?`, completion: `Town ${i}` }),
  );
  await writeFile(join(folder, "examples.jsonl"), lines.join("\n"));
  const running = openProject(folder).then((context) => compare(context, { width: 80, color: false }));
  await expect(running).rejects.toMatchObject({ code: "LORAG_ENDPOINT_KEY" });
  expect(server.seen).toEqual([]);
});
