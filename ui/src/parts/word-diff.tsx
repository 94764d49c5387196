import { diffWords } from "./diff.ts";

/** What an answer has and the gold has not, and the other way round. */
export function WordDiff({ gold, text }: { gold: string; text: string }) {
  return (
    <p className="word-diff">
      {diffWords(gold, text).map(({ kind, text: word }, index) =>
        kind === "same" ? (
          <span key={index}>{word} </span>
        ) : kind === "added" ? (
          <ins key={index}>{word} </ins>
        ) : (
          <del key={index}>{word} </del>
        ),
      )}
    </p>
  );
}
