import { appendFile, mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Answer, Arm, Example } from "../../contracts/index.ts";
import { openProject } from "../context.ts";
import { answerQuestions } from "./answer-questions.ts";

const questions = ["one", "two", "three"].map((id): Example => ({
  id,
  prompt: [{ role: "user", content: `What is ${id}?` }],
  completion: id,
}));
const answer: Answer = {
  text: "A number.",
  abstained: false,
  citations: [],
  hits: [],
  usage: { promptTokens: 1, completionTokens: 1, cachedTokens: 0 },
  latencyMs: 1,
  firstTokenMs: 1,
};

test("answers that are there are not asked for again; lines that are spoilt are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-answers-"));
  await writeFile(join(folder, "lorag.yaml"), "arms: [base]");
  const context = await openProject(folder);
  let asked: string[] = [];
  const arm = {
    answer: async (prompt: Example["prompt"]) => {
      asked.push(prompt[0]!.content);
      return answer;
    },
  } as Arm;
  const run = async () => {
    asked = [];
    const open = () => Promise.resolve(arm);
    const { answers } = await answerQuestions(context, {
      name: "base",
      label: "base",
      open,
      questions,
      inputs: ["f"],
    });
    expect(Object.keys(answers).sort()).toEqual(["one", "three", "two"]);
    return new Set(asked).size;
  };
  expect(await run()).toBe(3);
  expect(await run()).toBe(0);

  const answersFolder = join(context.project.output, "answers");
  const file = join(answersFolder, (await readdir(answersFolder))[0]!);
  await appendFile(file, '{"id":"fo');
  expect(await run()).toBe(0);
  const lines = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, ["{}", "null", ...lines.slice(1)].join("\n"));
  expect(await run()).toBe(1);
  await writeFile(file, Buffer.from([0xff, 0xfe, 0x0a, 0x80]));
  expect(await run()).toBe(3);
});

test("an answer that is paid for is asked for once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-answers-"));
  await writeFile(join(folder, "lorag.yaml"), "arms: [base]");
  const context = await openProject(folder);
  let asked = 0;
  const arm = { answer: () => Promise.resolve((asked++, answer)) } as unknown as Arm;
  const asking = { label: "base", open: () => Promise.resolve(arm), questions, inputs: ["f"] };
  await answerQuestions(context, { ...asking, name: "paid", paid: true });
  expect(asked).toBe(3);
  // One more, to warm up.
  await answerQuestions(context, { ...asking, name: "here" });
  expect(asked).toBe(7);
});

test("the machine time of an answer is that of the longest run side by side", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-answers-"));
  await writeFile(join(folder, "lorag.yaml"), "arms: [base]");
  const context = await openProject(folder);
  const many = Array.from({ length: 8 }, (_, n): Example => ({ ...questions[0]!, id: `q${n}` }));
  const arm = { answer: () => Promise.resolve(answer) } as unknown as Arm;
  const open = () => Promise.resolve(arm);
  const asking = { name: "base", label: "base", open, questions: many, inputs: ["f"] };
  const { alone, machineTime } = await answerQuestions(context, asking);
  expect([alone.length, machineTime.n]).toEqual([4, 4]);

  const answersFolder = join(context.project.output, "answers");
  const file = join(answersFolder, (await readdir(answersFolder))[0]!);
  const lines = (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  // As if one of them had come in an earlier run, on a busier machine.
  const besides = lines.filter((line) => !line.alone);
  for (const [index, line] of besides.entries()) {
    Object.assign(line, index === 0 ? { run: "earlier", seconds: 100 } : { seconds: 2 });
  }
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  expect((await answerQuestions(context, asking)).machineTime).toEqual({
    secondsPerAnswer: 2,
    n: 3,
    passed: [2, 2, 2],
  });
});
