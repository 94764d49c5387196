import { isTunedArm, renderPrompt, retrieves, type TunedArm } from "../arms/index.ts";
import type { ArmName, Example } from "../contracts/index.ts";
import type { Project } from "./config/read-project.ts";
import type { Stage } from "./estimate.ts";
import { keyStages, lookAtDocuments, readFinished } from "./finished-stages.ts";
import { countAlone } from "./steps/answer-questions.ts";
import type { Prepared } from "./steps/prepare.ts";
import { styleOf } from "./steps/training-examples.ts";

/**
 * Seconds on two cores with the default models, between what a slow and a fast machine took (the example: 7.5 and 3.4
 * minutes); only their proportions matter once the run is under way.
 */
const secondsPer = {
  document: { read: 0.03, indexed: 0.1 },
  exampleFound: 0.02,
  /** 1,000 tokens trained, forward and backward, in int8; f32 takes about twice that. */
  trainedKilotoken: 1.6,
  promptKilotoken: 0.5,
  /** Questions that are asked side by side share the reading of the weights; one alone pays for it all. */
  answerKilotoken: { beside: 2, alone: 10 },
};

const charactersPerToken = 4;
/** How full passages are of the `chunk_tokens` that they may have. */
const passageShare = 0.8;
/** How much of `max_new_tokens` a model writes that was not tuned to be brief. */
const untunedShare = 0.8;
/** Short examples fill a batch by their number, not by their tokens. */
const examplesPerBatch = 16;

/** A stage, with the key of what it depends on. */
export interface ExpectedStage extends Stage {
  key: string;
}

/** What a comparison will do, in order, how long each part would take, and what an earlier run has done of it. */
export async function expectStages(project: Project, prepared: Prepared): Promise<ExpectedStage[]> {
  const looks = await lookAtDocuments(project.documents);
  const documents = looks.length;
  const keys = keyStages(project, prepared, looks);
  const { arms } = project.config;
  const stages = [
    { step: "Reading documents", key: keys.indexing, seconds: documents * secondsPer.document.read },
    { step: "Indexing passages", key: keys.indexing, seconds: documents * secondsPer.document.indexed },
    ...arms.filter(isTunedArm).flatMap((arm) => [
      ...(retrieves(arm)
        ? [{ step: "Finding passages", key: keys.finding, seconds: findingSeconds(prepared) }]
        : []),
      {
        step: `Training ${arm}`,
        key: keys.training(arm),
        seconds: trainingSeconds(project, arm, prepared.train),
      },
    ]),
    ...arms.map((arm) => ({
      step: `Answering with ${arm}`,
      key: keys.answering(arm),
      seconds: answeringSeconds(project, arm, prepared.test),
    })),
  ];
  const finished = await readFinished(project);
  return stages.map((stage) => ({ ...stage, isDone: finished[stage.step] === stage.key }));
}

const findingSeconds = ({ train, validation }: Prepared): number =>
  (train.length + validation.length) * secondsPer.exampleFound;

function trainingSeconds(project: Project, arm: TunedArm, train: Example[]): number {
  const { config } = project;
  const passages = retrieves(arm) ? config.raft.distractors + 1 : 0;
  const tokens = sum(
    train.map((example) =>
      Math.min(config.sequence_len, promptTokens(project, example, passages) + answerTokens(example)),
    ),
  );
  const batch = Math.min(
    config.micro_batch_size * config.sequence_len,
    (examplesPerBatch * tokens) / Math.max(1, train.length),
  );
  const most = (config.max_steps ?? Infinity) * config.gradient_accumulation_steps * batch;
  const slowness = config.arithmetic === "int8" ? 1 : 2;
  const kilotokens = Math.min(tokens * config.num_epochs, most) / 1000;
  return kilotokens * secondsPer.trainedKilotoken * slowness;
}

function answeringSeconds(project: Project, arm: ArmName, questions: Example[]): number {
  const { max_new_tokens, retrieval } = project.config;
  const passages = retrieves(arm) ? retrieval.top_k : 0;
  const seconds = questions.map((question, index) => {
    // Only a tuned arm knows how long the answers are meant to be.
    const written = isTunedArm(arm)
      ? Math.min(max_new_tokens, answerTokens(question))
      : untunedShare * max_new_tokens;
    const { alone, beside } = secondsPer.answerKilotoken;
    const reading = promptTokens(project, question, passages) * secondsPer.promptKilotoken;
    return (reading + written * (index < countAlone(questions.length) ? alone : beside)) / 1000;
  });
  return sum(seconds);
}

function promptTokens(project: Project, { prompt }: Example, passages: number): number {
  const characters = sum(renderPrompt(prompt, styleOf(project)).map(({ content }) => content.length));
  return characters / charactersPerToken + passages * passageShare * project.config.retrieval.chunk_tokens;
}

const answerTokens = ({ completion }: Example): number => completion.length / charactersPerToken;

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
