import type { ChatModel, Query } from "../contracts/index.ts";

/** How a question becomes what is searched for: `rewrite` says it in other words, `hyde` imagines a passage that answers it. */
export type Rewriting = "rewrite" | "hyde";

const instructions: Record<Rewriting, string> = {
  rewrite:
    "Rewrite the question as a short search query: its key words and their common synonyms. Write the query alone.",
  hyde: "Write one short passage of a manual that answers the question. Write the passage alone.",
};
const longest: Record<Rewriting, number> = { rewrite: 32, hyde: 96 };

/**
 * What a model makes of questions before they are searched for. A rewritten query is searched beside the question, by words
 * and by meaning; an imagined passage (HyDE, https://arxiv.org/abs/2212.10496) by meaning alone, as its words are made up.
 * A model that says nothing leaves the question as it is.
 */
export function createQueryRewriter(
  model: ChatModel,
  rewriting: Rewriting,
): (question: string) => Promise<Query> {
  return async (question) => {
    const { text } = await model.generate({
      messages: [
        { role: "system", content: instructions[rewriting] },
        { role: "user", content: question },
      ],
      sampling: {
        temperature: 0,
        maxTokens: longest[rewriting],
        stop: rewriting === "rewrite" ? ["\n"] : [],
      },
    });
    const made = text.trim();
    if (made === "") return { words: question, meaning: question };
    const both = `${question}\n${made}`;
    return rewriting === "hyde" ? { words: question, meaning: both } : { words: both, meaning: both };
  };
}
