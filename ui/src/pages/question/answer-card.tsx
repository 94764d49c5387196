import { Link } from "@tanstack/react-router";
import type { AnswerRecord, QuestionRecord, QuestionView } from "../../../../src/contracts/index.ts";
import { useProject } from "../../api/use-project.ts";
import { whole } from "../../parts/numbers.ts";
import { WordDiff } from "../../parts/word-diff.tsx";
import { OverrideForm } from "./override-form.tsx";

/** One arm's answer: right or wrong and why, its difference to the gold, and its citations. */
export function AnswerCard({
  name,
  hue,
  answer,
  question,
  passages,
}: {
  name: string;
  hue: number;
  answer: AnswerRecord;
  question: QuestionRecord;
  passages: QuestionView["passages"];
}) {
  const project = useProject();
  const isRight = answer.scores.correct === 1;
  return (
    <article className={`answer arm-${hue}`}>
      <h2 className="answer-head">
        <span className="arm-name">{name}</span>
        <span className={`badge ${isRight ? "good" : "bad"}`}>{isRight ? "right" : "wrong"}</span>
        {answer.abstained ? <span className="badge plain">abstained</span> : null}
        {answer.overridden ? <span className="badge plain">set by hand</span> : null}
      </h2>
      <p className="said">{answer.text === "" ? "(nothing)" : answer.text}</p>
      {answer.withdrawn === undefined ? null : (
        <p className="meta lines">Withdrawn, as no passage shown bears it out: {answer.withdrawn}</p>
      )}
      <details className="small">
        <summary>Word by word against the gold</summary>
        <WordDiff gold={question.gold} text={answer.text} />
      </details>
      {answer.citations.length === 0 ? null : (
        <ul className="citations">
          {answer.citations.map((citation, index) => (
            <li key={index} className={citation.correct ? "right" : "wrong"}>
              <Link
                to="/p/$project/document"
                params={{ project }}
                search={{ name: citation.documentId, at: citation.start }}
              >
                [{citation.marker}] {[citation.title, ...citation.headings].join(" › ")}
              </Link>
              : {citation.verdict}
              {citation.rightDocument === false ? ", not a gold document" : ""}
              {passages[citation.chunkId] ? null : " (its passage is gone)"}
            </li>
          ))}
        </ul>
      )}
      <p className="meta">
        {answer.why ? `${answer.why} ` : null}
        {answer.alone ? `${whole(answer.latencyMs)} ms · ` : ""}
        {whole(answer.usage.promptTokens)} + {whole(answer.usage.completionTokens)} tokens
      </p>
      {answer.hits.length === 0 ? null : (
        <p className="meta no-print">
          <Link
            to="/p/$project/graph"
            params={{ project }}
            search={{
              asked: question.prompt.at(-1)?.content ?? "",
              passages: answer.hits.map(({ chunkId }) => chunkId).join(","),
            }}
            preload={false}
          >
            Its passages in the graph
          </Link>
        </p>
      )}
      <OverrideForm question={question.id} arm={name} answer={answer} />
    </article>
  );
}
