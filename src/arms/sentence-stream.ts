import type { Hit } from "../contracts/index.ts";
import { splitSentences } from "../text/index.ts";
import { groundSentence, joinMarkers, markersLast, tidyMarkers, type Cite } from "./ground-answer.ts";

/** Takes an answer from passages as it is written. */
export interface SentenceStream {
  push(piece: string): void;
  /** What was said of it so far. */
  readonly said: string;
}

/**
 * Says each sentence once the next has begun and a passage bears it out as it stands: the checked answer will begin with
 * what was said. After a sentence that the check changes or takes out, the rest is left to the end.
 */
export function createSentenceStream(
  hits: Hit[],
  question: string,
  cite: Cite,
  say: (text: string) => void,
): SentenceStream {
  let written = "";
  let said = "";
  const sentences: string[] = [];
  let goesOn = true;

  const take = (sentence: string): boolean => {
    const longer = said === "" ? sentence : `${said} ${sentence}`;
    const staysSo =
      tidyMarkers(written).startsWith(longer) &&
      !sentences.includes(sentence) &&
      markersLast(sentence) === sentence &&
      groundSentence(sentence, hits, question, cite) === sentence;
    if (!staysSo) return false;
    sentences.push(sentence);
    say(longer.slice(said.length));
    said = longer;
    return true;
  };
  return {
    get said() {
      return said;
    },
    push(piece) {
      written += piece;
      if (!goesOn) return;
      const begun = joinMarkers(splitSentences(tidyMarkers(written)));
      // The last may go on, and a citation after the one before it belongs to that.
      for (const sentence of begun.slice(sentences.length, -1)) if (goesOn) goesOn = take(sentence);
    },
  };
}
