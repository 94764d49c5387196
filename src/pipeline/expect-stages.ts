import { renderPrompt, retrieves, usesModel } from "../arms/index.ts";
import type { ArmSpec, Example } from "../contracts/index.ts";
import { adaptersOf, answersName, examplesFor, type AdapterSpec, type Variant } from "./adapter-spec.ts";
import type { Project } from "./config/read-project.ts";
import type { Stage } from "./estimate.ts";
import { keyStages, lookAtDocuments, readFinished } from "./finished-stages.ts";
import { indexesOf, isIndexed, retrievalOf } from "./index-spec.ts";
import { stageIds } from "./stage.ts";
import { countAlone } from "./steps/answer-questions.ts";
import type { Prepared } from "./steps/prepare.ts";
import { styleOf } from "./style.ts";

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
/** Of a question with its answer, shown as an earlier turn. */
const exampleTokens = 50;
/** How full passages are of the `chunk_tokens` that they may have. */
const passageShare = 0.8;
/** How much of `max_new_tokens` a model writes that was not tuned to be brief. */
const untunedShare = 0.8;
/** Short examples fill a batch by their number, not by their tokens. */
const examplesPerBatch = 16;

/** A stage, with the key of what it depends on. */
export interface ExpectedStage extends Stage {
  key: string;
  /** Of a stage in which a model answers: what it reads and writes for all questions. */
  tokens?: AnswerTokens & { model: string };
}

interface AnswerTokens {
  prompt: number;
  completion: number;
}

/** What a comparison will do, in order, how long each part would take, and what an earlier run has done of it. */
export async function expectStages(
  project: Project,
  prepared: Prepared,
  variants: Variant[] = [],
): Promise<ExpectedStage[]> {
  const looks = await lookAtDocuments(project.documents);
  const documents = looks.length;
  const keys = keyStages(project, prepared, looks);
  const { arms } = project;
  const indexes = (await isIndexed(project, arms)) ? indexesOf(project, arms) : [];
  const stages = [
    ...indexes.slice(0, 1).map((index) => ({
      id: stageIds.reading,
      key: keys.indexing(index),
      seconds: documents * secondsPer.document.read,
    })),
    ...indexes.map((index) => ({
      id: stageIds.indexing(index.key),
      key: keys.indexing(index),
      seconds: documents * secondsPer.document.indexed,
    })),
    ...adaptersOf(project, arms, variants).flatMap((adapter) => [
      ...(retrieves(adapter.arm)
        ? [
            {
              id: stageIds.finding(adapter.key),
              key: keys.finding(adapter),
              seconds: findingSeconds(prepared),
            },
          ]
        : []),
      {
        id: stageIds.training(adapter.key),
        key: keys.training(adapter),
        seconds: trainingSeconds(project, adapter, examplesFor(adapter, prepared.train, project.config.seed)),
      },
    ]),
    ...arms.flatMap((arm) =>
      [{}, ...(arm.tuning ? variants : [])].map((variant) => ({
        id: stageIds.answering(answersName(arm, variant)),
        key: keys.answering(arm, variant),
        seconds: answeringSeconds(project, arm, prepared.test),
        ...(usesModel(arm) && {
          tokens: { model: project.modelName(arm.model), ...answeringTokens(project, arm, prepared.test) },
        }),
      })),
    ),
  ];
  const finished = await readFinished(project);
  return stages.map((stage) => ({ ...stage, isDone: finished[stage.id] === stage.key }));
}

const findingSeconds = ({ train, validation }: Prepared): number =>
  (train.length + validation.length) * secondsPer.exampleFound;

function trainingSeconds(project: Project, { arm, settings }: AdapterSpec, train: Example[]): number {
  const passages = retrieves(arm) ? project.config.raft.distractors + 1 : 0;
  const tokens = sum(
    train.map((example) =>
      Math.min(settings.sequence_len, promptTokens(project, arm, example, passages) + answerTokens(example)),
    ),
  );
  const batch = Math.min(
    settings.micro_batch_size * settings.sequence_len,
    (examplesPerBatch * tokens) / Math.max(1, train.length),
  );
  const most = (settings.max_steps ?? Infinity) * settings.gradient_accumulation_steps * batch;
  const slowness = settings.arithmetic === "int8" ? 1 : 2;
  const kilotokens = Math.min(tokens * settings.num_epochs, most) / 1000;
  return kilotokens * secondsPer.trainedKilotoken * slowness;
}

function answeringSeconds(project: Project, arm: ArmSpec, questions: Example[]): number {
  if (!usesModel(arm)) return questions.length * secondsPer.exampleFound;
  const { alone, beside } = secondsPer.answerKilotoken;
  const most = countAlone(questions.length);
  const seconds = questions.map((question, index) => {
    const { prompt, completion } = tokensOf(project, arm, question);
    return (prompt * secondsPer.promptKilotoken + completion * (index < most ? alone : beside)) / 1000;
  });
  return sum(seconds);
}

function answeringTokens(project: Project, arm: ArmSpec, questions: Example[]): AnswerTokens {
  const tokens = questions.map((question) => tokensOf(project, arm, question));
  return {
    prompt: Math.round(sum(tokens.map(({ prompt }) => prompt))),
    completion: Math.round(sum(tokens.map(({ completion }) => completion))),
  };
}

function tokensOf(project: Project, arm: ArmSpec, question: Example): AnswerTokens {
  const { max_new_tokens } = project.config;
  const passages = retrieves(arm) ? retrievalOf(project, arm).top_k : 0;
  return {
    prompt: promptTokens(project, arm, question, passages),
    // Only a tuned arm knows how long the answers are meant to be.
    completion: arm.tuning ? Math.min(max_new_tokens, answerTokens(question)) : untunedShare * max_new_tokens,
  };
}

function promptTokens(project: Project, arm: ArmSpec, { prompt }: Example, passages: number): number {
  const characters = sum(renderPrompt(prompt, styleOf(project, arm)).map(({ content }) => content.length));
  const { chunk_tokens } = retrievalOf(project, arm);
  const shown = (arm.examples ?? 0) * exampleTokens;
  return characters / charactersPerToken + shown + passages * passageShare * chunk_tokens;
}

const answerTokens = ({ completion }: Example): number => completion.length / charactersPerToken;

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
