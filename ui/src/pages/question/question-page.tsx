import { Link, useSearch } from "@tanstack/react-router";
import type { QuestionView, ResultsSummary } from "../../../../src/contracts/index.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { AnswerCard } from "./answer-card.tsx";

/** One question: all answers side by side, each against the gold, with what it cites. */
export function QuestionPage() {
  const project = useProject();
  const { id = "", run } = useSearch({ strict: false });
  const query: Record<string, string> = run === undefined ? {} : { run };
  const { data, error } = useOfProject<QuestionView>("results/question", { ...query, id });
  const results = useOfProject<ResultsSummary>("results", query, { staleTime: 10_000 });
  const ofRun = run === undefined ? {} : { run };
  const back = (
    <Link to="/p/$project/verdict" params={{ project }} search={ofRun}>
      Verdict
    </Link>
  );
  if (error) {
    return (
      <>
        <p className="meta">{back}</p>
        <ProblemNote error={error} />
      </>
    );
  }
  if (!data) return <Waiting what="Reading the answers" />;
  const { question, passages, before, after } = data;
  const earlier = question.prompt.filter(({ role }) => role !== "system").slice(0, -1);
  return (
    <>
      <p className="meta row spread">
        <span>
          {back} › {question.id}
          {question.type === null ? "" : ` · ${question.type}`}
        </span>
        <span className="row">
          {before === null ? null : (
            <Link to="/p/$project/question" params={{ project }} search={{ id: before, ...ofRun }}>
              ← the one before
            </Link>
          )}
          {after === null ? null : (
            <Link to="/p/$project/question" params={{ project }} search={{ id: after, ...ofRun }}>
              the next →
            </Link>
          )}
        </span>
      </p>
      {earlier.map(({ role, content }, index) => (
        <p key={index} className="earlier">
          <b>{role}</b> {content}
        </p>
      ))}
      <h1 className="lines question-title">{question.prompt.at(-1)?.content}</h1>
      <div className="gold">
        <h3>Gold</h3>
        <p>{question.gold}</p>
        <p className="meta">
          {question.grading ? `Graded as ${question.grading.mode}: ${question.grading.why} ` : null}
          {question.goldDocuments?.map((name) => (
            <Link key={name} to="/p/$project/document" params={{ project }} search={{ name }}>
              {name}{" "}
            </Link>
          ))}
        </p>
      </div>
      <div className="answers">
        {Object.entries(question.arms).map(([name, answer]) => (
          <AnswerCard
            key={name}
            name={name}
            hue={results.data?.arms.find((arm) => arm.name === name)?.hue ?? 0}
            answer={answer}
            question={question}
            passages={passages}
          />
        ))}
      </div>
      <Passages passages={passages} gold={question.goldDocuments} />
    </>
  );
}

function Passages({ passages, gold }: { passages: QuestionView["passages"]; gold: string[] | null }) {
  const project = useProject();
  const shown = Object.entries(passages);
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="shown">
      <h2 id="shown">Passages shown</h2>
      <ol className="passages">
        {shown.map(([id, { documentId, title, headings, text, start }]) => (
          <li key={id} id={`passage-${id}`}>
            <p className="meta">
              <Link to="/p/$project/document" params={{ project }} search={{ name: documentId, at: start }}>
                {[title, ...headings].join(" › ")}
              </Link>{" "}
              · {documentId}{" "}
              {gold?.includes(documentId) ? <span className="badge good">gold document</span> : null}
            </p>
            <p className="lines">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
