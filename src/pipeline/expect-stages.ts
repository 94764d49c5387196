import { retrieves } from "../arms/index.ts";
import { exists, listFiles } from "../platform/index.ts";
import type { Project } from "./config/read-project.ts";
import type { Stage } from "./estimate.ts";
import type { Prepared } from "./steps/prepare.ts";

/** Seconds on two cores with the default models; only their proportions matter once the run is under way. */
const secondsPer = {
  document: 0.3,
  /** 1,000 tokens trained, forward and backward, in int8; f32 takes about twice that. */
  trainedKilotoken: 3.6,
  answer: 0.25,
  answerWithPassages: 0.5,
};

/** What a comparison will do, in order, and how long each part would take. */
export async function expectStages(project: Project, prepared: Prepared): Promise<Stage[]> {
  const { config } = project;
  const documents = (await exists(project.documents))
    ? (await listFiles(project.documents, () => {})).length
    : 0;
  // Tokens of an example, beyond what it shares with others.
  const tokens = { tuned: 40, "tuned-rag": 60 + 80 * (config.raft.distractors + 1) };
  const tokensOfStep = config.micro_batch_size * config.sequence_len * config.gradient_accumulation_steps;
  const slowness = config.arithmetic === "int8" ? 1 : 2;
  const training = (["tuned", "tuned-rag"] as const)
    .filter((arm) => config.arms.includes(arm))
    .map((arm) => {
      const all = prepared.train.length * config.num_epochs * tokens[arm];
      const most = (config.max_steps ?? Infinity) * tokensOfStep;
      const kilotokens = Math.min(all, most) / 1000;
      return { step: `Training ${arm}`, seconds: kilotokens * secondsPer.trainedKilotoken * slowness };
    });
  const answering = config.arms.map((arm) => ({
    step: `Answering with ${arm}`,
    seconds: prepared.test.length * (retrieves(arm) ? secondsPer.answerWithPassages : secondsPer.answer),
  }));
  return [
    { step: "Reading documents", seconds: documents * 0.05 },
    { step: "Indexing passages", seconds: documents * secondsPer.document },
    { step: "Finding passages", seconds: prepared.train.length * 0.03 },
    ...training,
    ...answering,
  ];
}
