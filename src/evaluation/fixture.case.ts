import type { Answer, Chunk, Example, Hit, TrainingRecord } from "../contracts/index.ts";
import { mean } from "./statistics/quantile.ts";
import type { ArmOutcome, EvaluationInput, FinishedArm } from "./input.ts";
import { namedRandom } from "../random/index.ts";
import type { Random } from "../random/index.ts";

// An invented comparison, big enough to show every part of the reports: a rowing club's handbook, four arms, one of which
// fails if asked to. Deterministic.

const subjects = [
  ["the boat house", "Boat House"],
  ["the slipway", "Slipway"],
  ["a junior lesson", "Junior Lessons"],
  ["the annual regatta", "Regatta"],
  ["a hired skiff", "Hire"],
  ["the winter store", "Winter Store"],
  ["the safety launch", "Safety"],
  ["a guest pass", "Guests"],
] as const;
const aspects = [
  ["What does {} cost?", "{n} crowns", "The charge is {n} crowns, payable to the steward before use."],
  ["How many people may use {} at once?", "{n} people", "No more than {n} people may use it at once."],
  ["How early must {} be booked?", "{n} days ahead", "Bookings are made {n} days ahead on the green list."],
  [
    "When does {} close in October?",
    "at {n} minutes past six",
    "In October it closes at {n} minutes past six.",
  ],
] as const;

export interface FixtureOptions {
  questions?: number;
  seed?: number;
  failedArm?: string;
}

/** Input for `evaluate`; the same options give the same input. */
export function makeFixture({ questions = 96, seed = 7, failedArm }: FixtureOptions = {}): EvaluationInput {
  const random = namedRandom(seed, "fixture");
  const all = Array.from({ length: questions * 4 }, (_, index) => makeExample(index, random));
  const [test, train] = [all.slice(0, questions), all.slice(questions)];
  const chunks = new Map(all.map((entry) => [entry.example.id, entry.chunk]));
  const neighbours = all.map((entry) => entry.chunk);
  const hitsOf = new Map(
    test.map(({ example }) => [example.id, pickHits(chunks.get(example.id)!, neighbours, random)]),
  );
  const skills: [string, Skill][] = [
    ["base", { right: 0.08, wordy: 0.8, abstains: 0.02, retrieves: false }],
    ["rag", { right: 0.4, wordy: 0.75, abstains: 0.2, retrieves: true }],
    [
      "tuned",
      { right: 0.1, wordy: 0.05, abstains: 0.35, retrieves: false, training: makeTraining("tuned", 2.9) },
    ],
    [
      "tuned-rag",
      { right: 0.8, wordy: 0.02, abstains: 0.85, retrieves: true, training: makeTraining("tuned-rag", 3.1) },
    ],
  ];
  return {
    run: {
      project: "Marlow Rowing Club handbook",
      when: "2026-03-14T09:26:53.000Z",
      seed,
      lorag: "0.1.0",
      machine: {
        cpu: "Example 8-core CPU",
        cores: 2,
        memoryGb: 24,
        platform: "linux x64",
        node: "20.20.2",
        device: "cpu",
      },
      models: { base: "SmolLM2-135M-Instruct (int8)", embedder: "all-MiniLM-L6-v2 (int8)" },
      split: { train: train.length, validation: 32, test: questions, hash: "5d1f".repeat(16) },
    },
    prices: { currency: "USD", cpu_hour: 0.05 },
    questions: test.map(({ example }) => example),
    trainExamples: train.map(({ example }) => example),
    bm25Hits: Object.fromEntries(hitsOf),
    arms: skills.map(([name, skill]) =>
      name === failedArm
        ? {
            name,
            status: "failed",
            error: {
              code: "LORAG_LOSS_EXPLODED",
              kind: "data",
              message: "The loss became NaN at step 42.",
              next: "Lower learning_rate and train again.",
            },
          }
        : makeArm(name, skill, test, hitsOf, random),
    ),
  };
}

/** The same with a dozen arms of three models: tuned ones trained three times, and on fewer examples; `failures` of them fail. */
export function makeManyArms({
  questions = 96,
  seed = 7,
  failures = 0,
}: { questions?: number; seed?: number; failures?: number } = {}): EvaluationInput {
  const input = makeFixture({ questions, seed });
  const random = namedRandom(seed, "many");
  const ofFour = new Map(input.arms.map((arm) => [arm.name, arm as FinishedArm]));
  const price = { input_mtok: 0.15, output_mtok: 0.6 };
  const wordier = (arm: FinishedArm, share: number): FinishedArm => ({
    ...arm,
    answers: spoil(arm.answers, share, random),
  });
  const hosted = (arm: FinishedArm, name: string, times: number): FinishedArm => ({
    ...arm,
    name,
    model: times > 1 ? "hosted-large-2" : "hosted-small-2",
    tokenPrices: { input_mtok: price.input_mtok * times, output_mtok: price.output_mtok * times },
    answers: Object.fromEntries(
      Object.entries(arm.answers).map(([id, answer]) => [
        id,
        {
          ...answer,
          usage:
            times > 1
              ? {
                  ...answer.usage,
                  completionTokens: answer.usage.completionTokens + 120,
                  thinkingTokens: 120,
                }
              : { ...answer.usage, estimated: true as const },
        },
      ]),
    ),
  });
  const [base, rag, tuned, both] = ["base", "rag", "tuned", "tuned-rag"].map((name) => ofFour.get(name)!);
  const retrain = (arm: FinishedArm): FinishedArm => ({
    ...arm,
    retrained: [43, 44].map((other, index) => ({
      seed: other,
      answers: spoil(arm.answers, 0.06 + 0.06 * index, random),
      training: arm.training!,
    })),
    smaller: [36, 72, 144].map((examples, index) => ({
      examples,
      answers: spoil(arm.answers, [0.7, 0.5, 0.25][index]!, random),
    })),
  });
  const arms: FinishedArm[] = [
    base!,
    rag!,
    retrain(tuned!),
    retrain({ ...both!, baseline: "rag" }),
    { ...wordier(rag!, 0.1), name: "few-shot-rag", baseline: "rag" },
    { ...wordier(base!, 0.1), name: "few-shot" },
    { ...wordier(both!, 0.35), name: "quote" },
    hosted(wordier(base!, 0), "base-hosted-small", 1),
    hosted(wordier(both!, 0.3), "rag-hosted-small", 1),
    hosted(wordier(base!, 0), "base-hosted-large", 12),
    hosted(wordier(both!, 0.05), "rag-hosted-large", 12),
    { ...wordier(both!, 0.2), name: "tuned-rag-dora" },
  ];
  const error = {
    code: "LORAG_ENDPOINT_DOWN",
    kind: "unavailable",
    message: "http://127.0.0.1:8000/v1 does not answer.",
    next: "Start the server, or take its arms out of lorag.yaml.",
  } as const;
  const failing = arms.slice(arms.length - failures).map(({ name, model }) => ({
    name,
    ...(model !== undefined && { model }),
    status: "failed" as const,
    error,
  }));
  return { ...input, arms: [...arms.slice(0, arms.length - failures), ...failing] };
}

/** A share of the answers made wrong. */
function spoil(answers: Record<string, Answer>, share: number, random: Random): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(answers).map(([id, answer]) => [
      id,
      random() < share
        ? { ...answer, text: "Ask the harbour master.", abstained: false, citations: [] }
        : answer,
    ]),
  );
}

interface Entry {
  example: Example;
  chunk: Chunk;
}

function makeExample(index: number, random: Random): Entry {
  const [subject, title] = subjects[index % subjects.length]!;
  const [question, short, passage] = aspects[Math.floor(index / subjects.length) % aspects.length]!;
  const unanswerable = random() < 0.15;
  const figure = String(2 + Math.floor(random() * 57));
  const season = `for crew ${index + 1}`;
  const documentId = `${title.toLowerCase().replaceAll(" ", "-")}.md`;
  const section = 1 + Math.floor(random() * 6);
  const text = `${passage.replace("{n}", figure)} This holds ${season} until the committee meets again.`;
  return {
    example: {
      id: `q${String(index + 1).padStart(3, "0")}`,
      prompt: [{ role: "user", content: `${question.replace("{}", subject).slice(0, -1)} ${season}?` }],
      completion: unanswerable
        ? "The handbook does not say."
        : `${capitalise(short.replace("{n}", figure))}. (${title}, section ${section})`,
      documents: unanswerable ? [] : [documentId],
      type: unanswerable ? "unanswerable" : random() < 0.2 ? "changed" : "fact",
    },
    chunk: {
      id: `chunk-${index + 1}`,
      documentId,
      title,
      headings: [`${section}. ${capitalise(subject)}`],
      text: unanswerable ? "Oars are returned clean, dry and in pairs." : text,
      start: index * 100,
      end: index * 100 + text.length,
    },
  };
}

function pickHits(golden: Chunk, all: readonly Chunk[], random: Random): Hit[] {
  const strangers = all.filter((chunk) => chunk.documentId !== golden.documentId);
  const others = Array.from({ length: 3 }, () => strangers[Math.floor(random() * strangers.length)]!);
  const found = random() < 0.92 ? [golden, ...others.slice(1)] : others;
  const unique = [...new Map(found.map((chunk) => [chunk.id, chunk])).values()];
  return unique.map((chunk, place) => ({ chunk, score: 0.9 - place * 0.2, ranks: { bm25: place + 1 } }));
}

interface Skill {
  right: number;
  wordy: number;
  abstains: number;
  retrieves: boolean;
  training?: TrainingRecord;
}

function makeArm(
  name: string,
  skill: Skill,
  test: readonly Entry[],
  hitsOf: ReadonlyMap<string, Hit[]>,
  random: Random,
): ArmOutcome {
  const answers = test.map(({ example }) => {
    const hits = skill.retrieves ? hitsOf.get(example.id)! : [];
    return [example.id, makeAnswer(example, skill, hits, random)] as const;
  });
  const passed = answers.map(([, answer]) => answer.latencyMs / 5000);
  return {
    name,
    status: "ok",
    answers: Object.fromEntries(answers),
    machineTime: { secondsPerAnswer: mean(passed), n: answers.length, passed },
    ...(skill.training === undefined ? {} : { training: skill.training }),
  };
}

function makeAnswer(example: Example, skill: Skill, hits: Hit[], random: Random): Answer {
  const unanswerable = example.documents?.length === 0;
  const abstained = random() < (unanswerable ? skill.abstains : skill.abstains / 12);
  const right = !unanswerable && random() < skill.right;
  const wrongFigure = String(60 + Math.floor(random() * 30));
  const gold = unanswerable ? `${wrongFigure} crowns. (Guests, section 2)` : example.completion;
  const short = right ? gold : gold.replace(/\d+/u, wrongFigure);
  const sentence = short.split(". ")[0]!;
  const wordy = random() < skill.wordy;
  const said = wordy
    ? `The answer to your question is ${sentence.toLowerCase()}, as the handbook sets out for all crews and their guests. Please ask the steward for more.`
    : short;
  const cited = abstained ? undefined : hits[0]?.chunk;
  const text = abstained ? "The handbook does not say." : `${said}${cited ? " [1]" : ""}`;
  const tokens = 30 + Math.floor(random() * 20);
  const latencyMs = (hits.length > 0 ? 620 : 260) + (wordy ? 900 : 180) * (0.6 + random());
  return {
    text,
    abstained,
    hits,
    citations:
      cited === undefined
        ? []
        : [
            {
              marker: 1,
              chunkId: cited.id,
              documentId: cited.documentId,
              title: cited.title,
              headings: cited.headings,
              start: cited.start,
              end: cited.end,
              verdict: right ? "supported" : "unsupported",
            },
          ],
    usage: {
      promptTokens: tokens + hits.length * 110,
      completionTokens: wordy ? 38 : 14,
      cachedTokens: 24,
    },
    latencyMs,
    firstTokenMs: latencyMs * 0.4,
  };
}

function makeTraining(adapter: string, start: number): TrainingRecord {
  const random = namedRandom(3, adapter);
  const losses = Array.from({ length: 61 }, (_, index) => {
    const fall = Math.exp(-index / 14);
    return {
      step: index * 5,
      train: 0.28 + (start - 0.28) * fall + (random() - 0.5) * 0.16,
      validation: index % 10 === 0 ? 0.41 + (start - 0.41) * fall + index * 0.0018 : null,
    };
  });
  return {
    adapter,
    examples: 288,
    steps: 300,
    bestStep: 250,
    seconds: adapter === "tuned" ? 148 : 291,
    device: "cpu",
    losses,
    retention: { before: 3.12, after: adapter === "tuned" ? 3.29 : 3.15 },
  };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
