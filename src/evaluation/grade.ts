import type { Answer, AnswerRecord, Example, QuestionRecord, Results } from "../contracts/index.ts";
import type { FloorAnswers } from "./floors/floors.ts";
import type { FinishedArm } from "./input.ts";
import { howGraded } from "./grading/how-graded.ts";
import { isUnanswerable } from "./metrics/abstention.ts";
import { gradeCitation } from "./metrics/citations.ts";
import { scoreAnswer } from "./metrics/score.ts";
import { shortAnswer, stripMarkers } from "./metrics/short-answer.ts";
import { exactMatch } from "./metrics/squad.ts";
import type { Task } from "./metrics/task.ts";

/** One question with every contender's answer and its scores. */
export function gradeQuestion(
  question: Example,
  arms: readonly FinishedArm[],
  floors: readonly FloorAnswers[],
  task: Task,
): QuestionRecord {
  const floorRecords = floors.map((floor) => {
    const answer = floor.answer(question);
    return [floor.name, { text: answer.text, ...scoreAnswer(answer, question, task) }] as const;
  });
  const { mode, why } = howGraded(question, task);
  return {
    id: question.id,
    type: question.type ?? null,
    prompt: question.prompt,
    gold: question.completion,
    goldShort: shortAnswer(question.completion),
    goldDocuments: question.documents ?? null,
    grading: { mode, why },
    arms: Object.fromEntries(arms.map((arm) => [arm.name, gradeAnswer(arm, question, task)])),
    floors: Object.fromEntries(floorRecords),
  };
}

function gradeAnswer(arm: FinishedArm, question: Example, task: Task): AnswerRecord {
  const answer = arm.answers[question.id]!;
  const { abstained, scores, why } = scoreText(answer, question, task);
  return {
    text: answer.text,
    short: shortAnswer(answer.text),
    abstained,
    ...(answer.withdrawn !== undefined && { withdrawn: answer.withdrawn }),
    ...(answer.terms !== undefined && { terms: answer.terms }),
    hits: answer.hits.map((hit) => ({ chunkId: hit.chunk.id, score: hit.score })),
    citations: answer.citations.map((citation) => gradeCitation(citation, question)),
    usage: answer.usage,
    alone: wasAskedAlone(arm, question.id),
    latencyMs: answer.latencyMs,
    firstTokenMs: answer.firstTokenMs,
    scores,
    why,
    ...(arm.retrained !== undefined && {
      retrained: arm.retrained.map(({ seed, answers }) => ({
        seed,
        text: answers[question.id]!.text,
        ...scoreText(answers[question.id]!, question, task),
      })),
    }),
  };
}

/** Whether an answer abstains, its scores, and why it is right or wrong. */
export function scoreText(
  answer: Pick<Answer, "text" | "abstained">,
  question: Example,
  task: Task,
): Pick<AnswerRecord, "abstained" | "scores" | "why"> {
  const abstained = abstains(answer, question);
  return { abstained, ...scoreAnswer({ text: answer.text, abstained }, question, task) };
}

/** What the gold says word for word is an answer, however much it reads like a refusal. */
export function abstains(
  { text, abstained }: Pick<Answer, "text" | "abstained">,
  question: Example,
): boolean {
  return abstained && (isUnanswerable(question) || !sayTheSame(text, question.completion));
}

/** Whether the answer's latency is what one user waits: answers of a batch wait for one another. */
function wasAskedAlone({ alone = [] }: FinishedArm, id: string): boolean {
  return alone.length === 0 || alone.includes(id);
}

const sayTheSame = (text: string, gold: string): boolean =>
  exactMatch(stripMarkers(text), [stripMarkers(gold)]) === 1;

/** Every passage that was shown, once. */
export function collectPassages(arms: readonly FinishedArm[]): Results["passages"] {
  const hits = arms.flatMap((arm) => Object.values(arm.answers)).flatMap((answer) => answer.hits);
  return Object.fromEntries(
    hits.map(({ chunk: { id, documentId, title, headings, text, start, end } }) => [
      id,
      { documentId, title, headings, text, start, end },
    ]),
  );
}
