import type { ChatModel, Message, Sampling } from "../../contracts/index.ts";

/** How often a model says something else when asked the same again at temperature 0. */
export interface Repeatability {
  /** Questions that were answered twice. */
  asked: number;
  /** Those whose second answer was not the first, character by character. */
  differing: number;
}

/** Questions that are enough to show whether a model repeats itself. */
const enough = 20;

/** Asks the first 20 prompts twice each, side by side as a run asks them. Throws what the model throws. */
export async function measureRepeatability(
  model: ChatModel,
  prompts: readonly Message[][],
  sampling: Partial<Sampling> = {},
  signal?: AbortSignal,
): Promise<Repeatability> {
  const chosen = prompts.slice(0, enough);
  const ask = async (messages: Message[]): Promise<string> => {
    const greedy = { ...sampling, temperature: 0 };
    return (await model.generate({ messages, sampling: greedy, ...(signal && { signal }) })).text;
  };
  const answers = await Promise.all(chosen.flatMap((messages) => [ask(messages), ask(messages)]));
  signal?.throwIfAborted();
  const differing = chosen.filter((_, i) => answers[2 * i] !== answers[2 * i + 1]).length;
  return { asked: chosen.length, differing };
}
