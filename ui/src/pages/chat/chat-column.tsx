import { Link } from "@tanstack/react-router";
import { useProject } from "../../api/use-project.ts";
import { counted, money, whole } from "../../parts/numbers.ts";
import { Waiting } from "../../parts/waiting.tsx";
import { Cited } from "./cited.tsx";
import { Feedback } from "./feedback.tsx";
import { useAnswer } from "./use-answer.ts";

/** One arm's answer as it is written, with what it took. */
export function ChatColumn({ model, question, turn }: { model: string; question: string; turn: number }) {
  const project = useProject();
  const { text, answer, error, stop } = useAnswer(model, question, turn);
  return (
    <article className="answer" aria-busy={!answer && !error}>
      <h3 className="arm-title">{model}</h3>
      {/* No paragraph: a citation opens its passage, of paragraphs itself, in place. */}
      <div className="said" aria-live="polite">
        {answer ? <Cited answer={answer} /> : text}
        {answer?.text === "" ? "(nothing)" : null}
      </div>
      {error ? (
        <p className="failed lines">
          {error.message} {error.next}
        </p>
      ) : null}
      {answer ? (
        <>
          <p className="meta">
            {whole(answer.latencyMs)} ms, first word after {whole(answer.firstTokenMs)} ms ·{" "}
            {whole(answer.promptTokens)} + {counted(answer.completionTokens, "token")} ·{" "}
            {money(answer.cost, answer.currency)}
          </p>
          {answer.passages.length === 0 ? null : (
            <p className="meta">
              <Link
                to="/p/$project/graph"
                params={{ project }}
                search={{ asked: question, passages: answer.passages.map(({ id }) => id).join(",") }}
                preload={false}
              >
                Its passages in the graph
              </Link>
            </p>
          )}
          <Feedback model={model} question={question} turn={turn} answer={answer.text} />
        </>
      ) : error ? null : (
        <>
          {text === "" ? <Waiting what="Opening the model, reading the question" /> : null}
          <button type="button" className="quiet" onClick={stop}>
            Stop
          </button>
        </>
      )}
    </article>
  );
}
