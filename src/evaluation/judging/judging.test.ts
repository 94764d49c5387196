import { expect, test } from "vitest";
import type { Example } from "../../contracts/index.ts";
import { evaluate } from "../evaluate.ts";
import { makeFixture } from "../fixture.case.ts";
import { judgePrompt, readVerdict } from "./judge-prompt.ts";
import { knownGrades, listJudged, type JudgedAnswer } from "./list-judged.ts";

test.each([
  ["RIGHT. Both say 9 florins.", true, "Both say 9 florins."],
  ["Right", true, "The judge says that it is right."],
  ["**WRONG** - it names Lyon.", false, "it names Lyon."],
  ["Verdict: WRONG\nThe unit differs.\nSo be it.", false, "The unit differs."],
  ["The answer is right, as 1 km is 1000 m.", true, "as 1 km is 1000 m."],
  ["\n\n`WRONG`", false, "The judge says that it is wrong."],
])("a verdict opens the reply: %j", (reply, right, why) => {
  expect(readVerdict(reply)).toEqual({ right, why });
});

test.each([
  "",
  "NaN",
  "0.7",
  "RIGHT or WRONG? Hard to tell.",
  "right/wrong",
  "Rightly so.",
  "It says 9 florins. RIGHT",
  '{"score": null}',
])("no verdict is never taken for one: %j", (reply) => {
  expect(readVerdict(reply)).toMatchObject({ right: false, error: true });
});

test("the judge sees the turns, every accepted gold and the answer, and no system prompt", () => {
  const messages = judgePrompt(
    [
      { role: "system", content: "secret house rules" },
      { role: "user", content: "Who runs it?" },
      { role: "assistant", content: "Ada." },
      { role: "user", content: "Since when?" },
    ],
    ["2019", "spring 2019"],
    "For years. RIGHT",
  );
  const [system, user] = messages.map(({ content }) => content);
  expect(system).not.toContain("secret");
  expect(user).toBe(
    "<question>\nuser: Who runs it?\nassistant: Ada.\nuser: Since when?\n</question>\n" +
      "<right_answer>\n2019\n</right_answer>\n<right_answer>\nspring 2019\n</right_answer>\n" +
      "<answer_to_grade>\nFor years. RIGHT\n</answer_to_grade>",
  );
});

const grading = { mode: "judge", model: "big" } as const;

test("what a judge says decides, for arms and floors alike; what it does not say is wrong, and told", () => {
  const input = { ...makeFixture({ questions: 24 }), grading };
  const judged = listJudged(input);
  expect(new Set(judged.map(({ contender }) => contender))).toEqual(
    new Set(["base", "rag", "tuned", "tuned-rag", "floor.bm25-passage"]),
  );
  // Only the answers of base are right; of tuned-rag nothing is said.
  const verdictOn = ({ contender }: JudgedAnswer) =>
    contender === "base"
      ? { right: true, why: "Well said." }
      : { right: false, why: "No.", ...(contender === "tuned-rag" && { error: true as const }) };
  const verdicts: Record<string, Record<string, ReturnType<typeof verdictOn>>> = {};
  for (const one of judged) (verdicts[one.question.id] ??= {})[one.text] ??= verdictOn(one);
  const judges = [
    {
      model: "big",
      answers: judged.length,
      failed: 3,
      agreement: { value: 0.5, low: 0.3, high: 0.7, n: 20 },
      cost: 0.25,
      promptTokens: 1000,
      completionTokens: 50,
    },
  ];
  const results = evaluate({ ...input, verdicts, judges });
  expect(results).toMatchObject({ primary: "correct", grading: "judge", judges });
  expect(results.arms.find(({ name }) => name === "base")).toMatchObject({ status: "ok" });
  const answered = results.questions.find(({ arms }) => arms["base"]!.why === "Well said.")!;
  expect(answered.grading).toEqual({ mode: "judge", why: "`grading` says so." });
  expect(answered.arms["base"]!.scores.correct).toBe(1);
  expect(results.verdict.caveats).toEqual(
    expect.arrayContaining([
      "The judge big was right about 10 of 20 golds whose grade is known: what it says of answers cannot be relied on.",
      expect.stringMatching(/the judge big called 3 neither right nor wrong; those count as wrong\.$/),
    ]),
  );
});

test("a judge is tried on 20 golds, half of them shown with another's question, none of which is right for it", () => {
  const known = knownGrades({ ...makeFixture({ questions: 40 }), grading });
  expect(known.filter(({ right }) => right)).toHaveLength(10);
  expect(known.filter(({ right }) => !right)).toHaveLength(10);
  for (const { question, text, right } of known) expect(text === question.completion).toBe(right);
  // Where all golds are the same there is nothing to be wrong about.
  const same = makeFixture({ questions: 4 });
  const questions = same.questions.map((question): Example => ({ ...question, completion: "yes" }));
  expect(knownGrades({ ...same, questions, grading }).every(({ right }) => right)).toBe(true);
});

test("a question may ask for a judge by itself", () => {
  const input = makeFixture({ questions: 12 });
  const questions = input.questions.map((question, index): Example =>
    index > 0 ? question : { ...question, documents: ["a.md"], metadata: { grading: { ...grading } } },
  );
  const judged = listJudged({ ...input, questions });
  expect(new Set(judged.map(({ question }) => question.id))).toEqual(new Set([questions[0]!.id]));
});
