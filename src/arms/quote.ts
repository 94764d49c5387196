import type { Hit } from "../contracts/index.ts";
import { chunkHeader } from "../documents/index.ts";
import { splitSentences, stemsOf } from "../text/index.ts";
import type { Answerer } from "./answerer.ts";
import { isAbstention } from "../text/index.ts";
import { dot } from "../vectors/index.ts";

/** A sentence of a passage that may answer the question. */
interface Candidate {
  text: string;
  /** Place of its passage among the hits. */
  hit: number;
  /** Place in the passage. */
  index: number;
  score: number;
}

/** Below this, no sentence is about the question. */
const leastScore = 0.6;
/** A sentence beside the best one is quoted too where it scores as much of it. */
const companionShare = 0.75;
/** How much a place among the hits counts beside likeness and words, which go from 0 to 1 each. */
const rankWeight = 0.15;
/** How much the words count beside the likeness. Both weights were chosen on the example project's training questions. */
const wordWeight = 0.3;

/**
 * No model writes: the sentence of the passages that best answers, or it and the one beside it, word for word, with its
 * citation; the abstention where none comes near. Sentences are scored by the likeness of their vectors to the
 * question's, by the question's words that they hold, the rarer the more, and by the place of their passage.
 */
export const quote: Answerer = async ({ question, hits }, { embed, cite, style }) => {
  const began = performance.now();
  const candidates = await score(question, hits, embed);
  const best = candidates.toSorted((a, b) => b.score - a.score)[0];
  const shown = best && best.score >= leastScore ? companions(best, candidates) : [];
  const text = shown.map((candidate) => candidate.text).join(" ");
  const abstained = text === "" || isAbstention(text, style.abstainAnswer);
  const cited = best ? `${text} [${best.hit + 1}]` : text;
  return {
    text: abstained ? style.abstainAnswer : cited,
    abstained,
    // Word for word from the passage: the check finds its place there, not whether it bears itself out.
    citations: abstained
      ? []
      : cite(cited, hits, question).map((citation) => ({ ...citation, verdict: "supported" })),
    hits,
    usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
    firstTokenMs: performance.now() - began,
  };
};

async function score(
  question: string,
  hits: Hit[],
  embed: Parameters<Answerer>[1]["embed"],
): Promise<Candidate[]> {
  const sentences = hits.flatMap(({ chunk }, hit) =>
    splitSentences(chunk.text).map((text, index) => ({ text: text.trim(), hit, index, chunk })),
  );
  const worth = sentences.filter(({ text }) => stemsOf(text).size > 0);
  const [[asked], vectors] = await Promise.all([
    embed([question], "query"),
    embed(
      worth.map(({ text, chunk }) => `${chunkHeader(chunk)}\n${text}`),
      "passage",
    ),
  ]);
  const held = worth.map(({ text }) => stemsOf(text));
  const headers = worth.map(({ chunk }) => stemsOf(chunkHeader(chunk)));
  const words = [...stemsOf(question)].map((stem) => {
    const found = held.filter((stems) => stems.has(stem)).length;
    return { stem, weight: found === 0 ? 0 : Math.log(1 + worth.length / found) };
  });
  const total = words.reduce((sum, { weight }) => sum + weight, 0) || 1;
  return worth.map(({ text, hit, index }, at): Candidate => {
    const lexical = words.reduce((sum, { stem, weight }) => {
      if (held[at]!.has(stem)) return sum + weight;
      return headers[at]!.has(stem) ? sum + weight / 2 : sum;
    }, 0);
    const likeness = dot(asked!, vectors[at]!);
    return { text, hit, index, score: likeness + (wordWeight * lexical) / total + rankWeight / (hit + 1) };
  });
}

/** The best sentence, with the one before or after it where that is nearly as good, in the order of the passage. */
function companions(best: Candidate, candidates: Candidate[]): Candidate[] {
  const beside = candidates
    .filter(({ hit, index }) => hit === best.hit && Math.abs(index - best.index) === 1)
    .filter(({ score: own }) => own >= best.score * companionShare)
    .toSorted((a, b) => b.score - a.score)[0];
  return beside ? [best, beside].toSorted((a, b) => a.index - b.index) : [best];
}
