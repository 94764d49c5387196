import type { ServerResponse } from "node:http";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sendJson, startServer, type Handler } from "../inference/endpoint/test-server.case.ts";
import { compare } from "./compare.ts";
import { openProject } from "./context.ts";
import { spentSoFar } from "./steps/answer-questions.ts";

function answer(response: ServerResponse, model: string, content: string): void {
  sendJson(response, 200, {
    model,
    choices: [{ message: { content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 2 },
  });
}

/** How a model of the server fails, by its name; what has another name answers. */
const failures: Record<string, Handler> = {
  page: (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  refused: (_, response) => sendJson(response, 401, { error: { message: "bad key" } }),
  gone: (_, response) => sendJson(response, 404, { error: { message: "no such model" } }),
  silent: ({ body }, response) => answer(response, body["model"] as string, ""),
};
const expected: Record<string, [code: string, next: string]> = {
  page: ["LORAG_ENDPOINT_ANSWER", "Check `endpoint`"],
  refused: ["LORAG_ENDPOINT_REFUSED", "`api_key_env`"],
  gone: ["LORAG_ENDPOINT_MODEL", "The endpoint has m1, m2"],
  silent: ["LORAG_NO_ANSWERS", "The next run asks all questions of this arm anew."],
  keyless: ["LORAG_ENDPOINT_KEY", "Set LORAG_NO_SUCH_KEY"],
};
const isPaid = (model: string): boolean => model === "silent" || good.includes(model);
const good = ["m1", "m2", "m3", "m4", "m5", "m6", "m7"];

test("twelve arms of which five fail: each says why and what to do, the others are compared, nothing is paid twice", async () => {
  let isMended = false;
  const asked: string[] = [];
  const server = await startServer((seen, response) => {
    if (seen.method === "GET") return sendJson(response, 200, { data: [{ id: "m1" }, { id: "m2" }] });
    const model = seen.body["model"] as string;
    asked.push(model);
    const fail = isMended ? undefined : failures[model];
    if (fail) return fail(seen, response);
    const content = (seen.body["messages"] as { content: string }[]).at(-1)!.content;
    answer(response, model, `Town ${/\d+/.exec(content)![0]}.`);
  });
  const { endpoint } = server.entry();
  const models = [...good, ...Object.keys(expected)];
  const folder = await mkdtemp(join(tmpdir(), "lorag-arms-"));
  const key = (name: string): string => (name === "keyless" ? ", api_key_env: LORAG_NO_SUCH_KEY" : "");
  await writeFile(
    join(folder, "lorag.yaml"),
    [
      "budget: 1",
      "models:",
      ...models.map(
        (name) =>
          `  ${name}: { endpoint: "${endpoint}", model: ${name}, input_mtok: 1, output_mtok: 10${key(name)} }`,
      ),
      "arms:",
      ...models.map((name) => `  - { name: of-${name}, preset: base, model: ${name} }`),
    ].join("\n"),
  );
  const lines = Array.from({ length: 30 }, (_, i) =>
    JSON.stringify({ prompt: `What is the town at place ${i}?`, completion: `Town ${i}` }),
  );
  await writeFile(join(folder, "examples.jsonl"), lines.join("\n"));
  const run = async () => (await compare(await openProject(folder), { width: 80, color: false })).results;

  const { arms, verdict } = await run();
  expect(arms.map(({ name }) => name)).toEqual(models.map((name) => `of-${name}`));
  for (const name of good) expect(arms.find((arm) => arm.name === `of-${name}`)!.status).toBe("ok");
  for (const [name, [code, next]] of Object.entries(expected)) {
    const arm = arms.find((arm) => arm.name === `of-${name}`);
    if (arm?.status !== "failed") throw new Error(`${name} did not fail`);
    expect(arm.error).toMatchObject({ code, next: expect.stringContaining(next) });
  }
  expect(verdict.caveats).toContain("5 of 12 arms failed.");

  // An answer that never came was paid for, and stays so when it is asked for anew: 10 tokens in, 2 out.
  const spent = (times: number): number => (times * 30) / 1e6;
  expect(await spentSoFar(join(folder, ".lorag"))).toBeCloseTo(spent(asked.filter(isPaid).length), 9);
  const first = asked.length;
  isMended = true;
  const mended = await run();
  expect(mended.arms.filter(({ status }) => status === "failed").map(({ name }) => name)).toEqual([
    "of-keyless",
  ]);
  expect(new Set(asked.slice(first))).toEqual(new Set(Object.keys(failures)));
  expect(await spentSoFar(join(folder, ".lorag"))).toBeCloseTo(
    spent(asked.filter((model, at) => at >= first || isPaid(model)).length),
    9,
  );
});

test("a budget that is too small for an arm: it is named, the others have answered, and a higher one goes on from there", async () => {
  const asked: string[] = [];
  const server = await startServer((seen, response) => {
    const model = seen.body["model"] as string;
    asked.push(model);
    answer(response, model, "Town 1.");
  });
  const { endpoint } = server.entry();
  const folder = await mkdtemp(join(tmpdir(), "lorag-budget-"));
  const config = (budget: number): string =>
    [
      `budget: ${budget}`,
      "models:",
      `  dear: { endpoint: "${endpoint}", model: dear, input_mtok: 1, output_mtok: 10 }`,
      `  own: { endpoint: "${endpoint}", model: own }`,
      "arms:",
      "  - { name: of-dear, preset: base, model: dear }",
      "  - { name: of-own, preset: base, model: own }",
    ].join("\n");
  const lines = Array.from({ length: 30 }, (_, i) =>
    JSON.stringify({ prompt: `What is the town at place ${i}?`, completion: `Town ${i}` }),
  );
  await writeFile(join(folder, "examples.jsonl"), lines.join("\n"));
  const run = async (budget: number) => {
    await writeFile(join(folder, "lorag.yaml"), config(budget));
    return (await compare(await openProject(folder), { width: 80, color: false })).results;
  };
  await expect(run(0)).rejects.toMatchObject({
    code: "LORAG_BUDGET",
    message: expect.stringMatching(/^of-dear: The budget is 0; nothing is spent/),
  });
  expect(new Set(asked)).toEqual(new Set(["own"]));
  const before = asked.length;
  const { arms } = await run(1);
  expect(arms.map(({ status }) => status)).toEqual(["ok", "ok"]);
  expect(new Set(asked.slice(before))).toEqual(new Set(["dear"]));
});
