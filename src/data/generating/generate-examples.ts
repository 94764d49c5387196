import type { ChatModel, Chunk, Example, Generation, Message, Retrieve } from "../../contracts/index.ts";
import { randomStream, shuffle } from "../../random/index.ts";
import { normalise, wordsOf } from "../normalise.ts";
import { questionText } from "../question-text.ts";

/** What an example is made from: a passage that a question is to be found for, or an example to be asked otherwise. */
export type Source = { passage: Chunk } | { example: Example };

/** One question to the model, and what came of it. Plain JSON, so that a run that was cut off goes on after it. */
export interface Attempt {
  /** Of the passage or the example. */
  source: string;
  /** Why there is no example of it, and how the reply began. */
  dropped?: string;
  reply?: string;
  example?: Example;
  tokens: number;
  cost?: number;
}

export interface GenerateOptions {
  model: ChatModel;
  /** Examples wanted. Each source is asked once, in random order, until there are as many or `mostAttempts`. */
  count: number;
  /** The search that serves at answer time, and how many passages it shows. */
  retrieve: Retrieve;
  topK: number;
  /** Whether a passage bears an answer out. */
  supports: (answer: string, passage: Chunk, question: string) => boolean;
  /** Questions that are there already. */
  known: string[];
  seed: number;
  /** Questions at a time. */
  concurrency: number;
  /** Of a run that was cut off. */
  before: Attempt[];
  record: (attempt: Attempt) => Promise<void>;
  /** Most to pay; the run ends before it would pay more. */
  budget?: number | undefined;
  signal: AbortSignal;
  onProgress?: (kept: number) => void;
}

/** Most questions to the model for so many examples: from one that makes few that hold, more would not come soon. */
export const mostAttempts = (count: number): number => 4 * count;

/** Longest reply, in tokens. */
export const replyTokens = 128;

/**
 * Asks a model for examples and keeps those that hold: a question that is new, that does not speak of "the passage", that
 * the search finds its source for, and an answer that the source bears out. Each says under `metadata.made` how it came
 * to be. The same seed, sources and model give the same examples.
 */
export async function generateExamples(sources: Source[], options: GenerateOptions): Promise<Attempt[]> {
  const attempts = [...options.before];
  const tried = new Set(attempts.map(({ source }) => source));
  const asked = new Set(options.known.map(normalise));
  for (const { example } of attempts) if (example) asked.add(normalise(questionText(example)));
  const kept = (): number => attempts.filter(({ example }) => example).length;
  const spent = (): number => attempts.reduce((sum, { cost = 0 }) => sum + cost, 0);
  const queue = shuffle(sources, randomStream(options.seed)).filter((source) => !tried.has(idOf(source)));
  const most = mostAttempts(options.count);
  while (queue.length > 0 && kept() < options.count && attempts.length < most) {
    options.signal.throwIfAborted();
    if (options.budget !== undefined && spent() >= options.budget) break;
    const batch = queue.splice(
      0,
      Math.min(options.concurrency, options.count - kept(), most - attempts.length),
    );
    const replies = await Promise.all(batch.map((source) => ask(source, options)));
    for (const [index, source] of batch.entries()) {
      const attempt = await judge(source, replies[index]!, asked, options);
      attempts.push(attempt);
      await options.record(attempt);
    }
    options.onProgress?.(kept());
  }
  return attempts;
}

export const idOf = (source: Source): string => ("passage" in source ? source.passage.id : source.example.id);

const ask = (source: Source, { model, seed, signal }: GenerateOptions): Promise<Generation> =>
  model.generate({
    messages: promptFor(source),
    sampling: { temperature: 0, maxTokens: replyTokens, seed },
    signal,
  });

/** What the model is asked. */
export function promptFor(source: Source): Message[] {
  if ("example" in source) {
    return [
      { role: "system", content: "You ask questions in other words, and keep every name and figure." },
      {
        role: "user",
        content: `Write this question in other words, so that it asks for the very same thing. Write the question alone.\n\n${source.example.prompt.at(-1)!.content}`,
      },
    ];
  }
  const { title, headings, text } = source.passage;
  return [
    { role: "system", content: "You write questions that a reader may have, each with its answer." },
    {
      role: "user",
      content: requestFor(
        "Opening hours > The bakery",
        "The bakery is open from six to noon, and on Sundays from eight.",
      ),
    },
    { role: "assistant", content: "Question: When does the bakery open on Sundays?\nAnswer: at eight" },
    { role: "user", content: requestFor([...new Set([title, ...headings])].join(" > "), text) },
  ];
}

/** Asked twice, with an answer to the first: small models do as they see it done. */
const requestFor = (heading: string, text: string): string =>
  `${heading}\n${text}\n\nWrite a question that this text answers, and its short answer in the words of the text, each on a line.`;

async function judge(
  source: Source,
  { text, usage, cost, finishReason }: Generation,
  asked: Set<string>,
  options: GenerateOptions,
): Promise<Attempt> {
  const attempt = {
    source: idOf(source),
    tokens: usage.promptTokens + usage.completionTokens,
    ...(cost !== undefined && { cost }),
  };
  const pair = finishReason === "length" ? undefined : pairOf(text, source);
  const reply = text.slice(0, 200);
  if (!pair) return { ...attempt, reply, dropped: "the reply has no question with an answer" };
  const { question, answer } = pair;
  const dropped = await faultOf(source, question, answer, asked, options);
  if (dropped !== undefined) return { ...attempt, reply, dropped };
  asked.add(normalise(question));
  return { ...attempt, example: exampleOf(source, question, answer, options) };
}

/** The first question and answer of a reply. */
function pairOf(text: string, source: Source): { question: string; answer: string } | undefined {
  if ("example" in source) {
    const [question] = text
      .replace(/^\s*question\s*:/i, "")
      .trim()
      .split("\n");
    return question ? { question: question.trim(), answer: source.example.completion } : undefined;
  }
  const lines = text
    .replaceAll("**", "")
    .replace(/\s+(?=answer\s*:)/i, "\n")
    .split("\n")
    .map((line) => line.replace(/^\s*(?:\d+[.)]\s*)?(?:(?:question|answer|q|a)\s*[:.])?\s*/i, "").trim())
    .filter((line) => line !== "");
  const place = lines.findIndex((line) => /[?？؟]$/u.test(line));
  const [question, answer] = [lines[place], lines[place + 1]];
  return question && answer ? { question, answer } : undefined;
}

async function faultOf(
  source: Source,
  question: string,
  answer: string,
  asked: Set<string>,
  { retrieve, topK, supports }: GenerateOptions,
): Promise<string | undefined> {
  if (!/[?？؟]\s*$/u.test(question)) return "it is no question";
  if (asked.has(normalise(question))) return "the question is there already";
  if (
    /\b(?:this|the (?:given|above|following)?) ?(?:passage|text|document|excerpt|context)\b/i.test(question)
  ) {
    return "the question speaks of the text that it was made from";
  }
  if (` ${normalise(question)} `.includes(` ${normalise(answer)} `))
    return "the question gives its answer away";
  if (
    "passage" in source &&
    !(isFrom(source.passage, answer) && supports(answer, source.passage, question))
  ) {
    return "the text does not bear the answer out";
  }
  const hits = await retrieve(question, topK);
  const isFound =
    "passage" in source
      ? hits.some(({ chunk }) => chunk.id === source.passage.id)
      : (source.example.documents ?? []).length === 0 ||
        hits.some(({ chunk }) => source.example.documents!.includes(chunk.documentId));
  return isFound ? undefined : "the search does not find its source";
}

/** Every figure and every longer word of the answer is in the text, whose words it was to be in. */
function isFrom({ title, headings, text }: Chunk, answer: string): boolean {
  const there = new Set(wordsOf([title, ...headings, text].join("\n")));
  return wordsOf(answer).every((word) => there.has(word) || (word.length < 4 && !/\p{N}/u.test(word)));
}

function exampleOf(
  source: Source,
  question: string,
  answer: string,
  { model, seed }: GenerateOptions,
): Example {
  const made = { by: model.identity, from: idOf(source), seed };
  if ("passage" in source) {
    const { id, documentId } = source.passage;
    return {
      id: `made-${id}`,
      prompt: [{ role: "user", content: question }],
      completion: answer,
      documents: [documentId],
      metadata: { made },
    };
  }
  const { example } = source;
  return {
    ...example,
    id: `made-${example.id}`,
    prompt: [...example.prompt.slice(0, -1), { role: "user", content: question }],
    metadata: { ...example.metadata, made },
  };
}
