import type { Evidence } from "./read-passage.ts";
import type { Statement } from "./read-statement.ts";

/** A statement is about the same as the claim where it has this share of its words; only then can it deny it. */
const sameMatter = 0.6;

const hasException = (text: string): boolean =>
  /(?<!\p{L})(?:only|except|unless|other than|(?:all|any\w*|every\w*|none|nothing|no one|nobody) but|nur|außer|seulement|sauf|solo|salvo|tranne|alleen|behalve|bara|utom|только|кроме)(?!\p{L})/iu.test(
    text,
  );

const shareOf = (words: ReadonlySet<string>, { words: held }: Statement): number =>
  [...words].filter((word) => held.has(word)).length / Math.max(1, words.size);

/** The first of a sentence's statements is the whole of it. */
const isWhole = (each: Evidence, index: number, all: Evidence[]): boolean =>
  all[index - 1]?.sentence !== each.sentence;

/** Whether a sentence denies as far as it is about these words: by the clauses that have some of them. */
function deniesOf(whole: Evidence, evidence: Evidence[], about: ReadonlySet<string>): boolean {
  const held = ({ said }: Evidence): number => [...about].filter((word) => said.has(word)).length;
  const clauses = evidence.filter((each) => each !== whole && each.sentence === whole.sentence);
  // `The purser cannot; the desk can` says two things, of which one is meant.
  const parts = independent(whole.text).map((part) => clauses.filter(({ text }) => part.includes(text)));
  const most = Math.max(...parts.map((part) => part.reduce((sum, each) => sum + held(each), 0)));
  const meant = parts.filter((part) => part.reduce((sum, each) => sum + held(each), 0) === most).flat();
  const near = singledOut(
    meant.filter((each) => held(each) > 0),
    about,
  );
  return near.length > 0 ? near.some(({ negated }) => negated) : whole.negated;
}

/** Those that say what no other says of the words, where some do: `dogs are let in, but dogs are not fed`. */
function singledOut(clauses: Evidence[], about: ReadonlySet<string>): Evidence[] {
  const alone = clauses.filter((each) =>
    [...about].some(
      (word) => each.said.has(word) && clauses.every((other) => other === each || !other.said.has(word)),
    ),
  );
  return alone.length > 0 ? alone : clauses;
}

/** Parts of a sentence that stand by themselves. One that begins with a pronoun goes on with the one before. */
const independent = (sentence: string): string[] =>
  sentence.split(/;\s+(?!(?:they|it|he|she|this|these|those|sie|es|er|ils?|elles?)(?!\p{L}))/iu);

/** Whether the statement that is about the same as the claim says the opposite. */
export function denies(evidence: Evidence[], claim: Statement, best: Evidence, hasFigures: boolean): boolean {
  const same = evidence
    .filter(isWhole)
    .filter(
      (each) => shareOf(claim.words, each) >= sameMatter && (!hasFigures || each.sentence === best.sentence),
    );
  if (same.length === 0 || claim.words.size < 2) return false;
  const most = Math.max(...same.map((each) => shareOf(claim.words, each)));
  // Any of the best that has the claim's own polarity bears it out.
  return same
    .filter((each) => shareOf(claim.words, each) >= most)
    .every(
      (each) =>
        deniesOf(each, evidence, claim.words) !== claim.negated &&
        (!hasException(each.text) || hasException(claim.text)),
    );
}

/**
 * For a bare yes or no: the sentence that is most about what is asked, where it does not say the opposite. None where
 * none is about it.
 */
export function agrees(
  evidence: Evidence[],
  asked: ReadonlySet<string>,
  question: Statement,
  affirms: boolean,
): Evidence | undefined {
  const wholes = evidence.filter(isWhole);
  const most = Math.max(...wholes.map((each) => shareOf(asked, each)));
  if (most < sameMatter) return undefined;
  return wholes
    .filter((each) => shareOf(asked, each) >= most)
    .find(
      (each) =>
        (hasException(each.text) && !hasException(question.text)) ||
        (deniesOf(each, evidence, asked) === question.negated) === affirms,
    );
}
