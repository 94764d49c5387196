import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sendAnswer, sendJson, startServer } from "../../inference/endpoint/test-server.case.ts";
import { openProject } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";
import { gradeCommand } from "./grade.ts";

const session = { print: () => {}, printLine: () => {} } as unknown as Session;

it("puts half a character right, and refuses a gold that is empty", async () => {
  expect(await gradeCommand(session, "a\ud800", "a\ud800", {})).toMatchObject({
    gold: "a\uFFFD",
    right: true,
  });
  await expect(gradeCommand(session, " ", "9", {})).rejects.toThrow("an empty gold");
});

it("knows what was asked", async () => {
  const question = "How many hooks are there?";
  expect(await gradeCommand(session, "12 hooks", "12.", { question })).toMatchObject({ right: true });
  expect(await gradeCommand(session, "12 hooks", "12.", {})).toMatchObject({ right: false });
});

it("asks a judge of the project, says how far it can be relied on, and pays it once", async () => {
  // Calls right what has the gold's figure, wherever it stands.
  const server = await startServer(({ method, body }, response) => {
    if (method === "GET") return sendJson(response, 200, { data: [{ id: "test-model" }] });
    const { content } = (body["messages"] as { content: string }[]).at(-1)!;
    const [gold, said] = ["right_answer", "answer_to_grade"].map(
      (tag) => new RegExp(`<${tag}>\\D*(\\d+)`).exec(content)?.[1],
    );
    sendAnswer(response, [gold === said ? "RIGHT. The same." : "WRONG. It differs."]);
  });
  const { endpoint, model } = server.entry();
  const folder = await mkdtemp(join(tmpdir(), "lorag-grade-"));
  const models = `models:\n  big: { endpoint: "${endpoint}", model: ${model} }\n`;
  await writeFile(join(folder, "lorag.yaml"), models);
  const printed: { right: boolean; judge?: { agreement: { value: number; n: number } } }[] = [];
  const withProject = {
    ...session,
    note: () => {},
    open: () => openProject(folder),
    printLine: (row: (typeof printed)[number]) => printed.push(row),
  } as unknown as Session;

  const judge = { grading: "judge" };
  await expect(gradeCommand(withProject, "9", "9", judge)).rejects.toThrow("which model judges");
  await writeFile(join(folder, "lorag.yaml"), `${models}grading: { mode: judge, model: big }\n`);
  expect(await gradeCommand(withProject, "9 florins", "So it is: 9", judge)).toMatchObject({
    right: true,
    why: "The same.",
    judge: { model: "big", agreement: { value: 1, n: 1 } },
  });

  const file = join(folder, "pairs.jsonl");
  const lines = [
    { gold: "9 florins", answer: "10", grading: "judge" },
    { gold: "12 hooks", answer: "a dozen: 12", grading: { mode: "judge", model: "big" } },
    { gold: "12 hooks", answer: "" },
  ];
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join("\n"));
  await gradeCommand(withProject, undefined, undefined, { file });
  expect(printed.map(({ right }) => right)).toEqual([false, true, false]);
  expect(printed.map(({ judge }) => judge?.agreement.n)).toEqual([2, 2, undefined]);
  const asked = server.seen.length;
  await gradeCommand(withProject, undefined, undefined, { file });
  expect(server.seen.length).toBe(asked);
});
