import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { GraphView } from "../../../../src/contracts/index.ts";
import type { Search } from "../../search.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { counted } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { AnswerPaths } from "./answer-paths.tsx";

const GraphDrawing = lazy(() => import("./graph-drawing.tsx"));

/** What joins the passages: entities, and what lies around one of them. */
export function GraphPage() {
  const project = useProject();
  const navigate = useNavigate();
  const { around, asked, passages } = useSearch({ strict: false });
  const [draft, setDraft] = useState(around ?? "");
  const { data, error, isFetching } = useOfProject<GraphView>(
    "graph",
    around === undefined ? {} : { around },
    { staleTime: 60_000 },
  );
  const go = (entity: string): void => {
    setDraft(entity);
    void navigate({ to: ".", search: (): Search => ({ around: entity }) });
  };
  return (
    <>
      <h1>Graph</h1>
      {data ? (
        <p className="lead">
          {counted(data.entities, "entity", "entities")} in {counted(data.passages, "passage")} of{" "}
          {counted(data.documents, "document")}, {counted(data.communities, "community", "communities")}.
        </p>
      ) : null}
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.trim() !== "") go(draft.trim());
        }}
      >
        <label className="grow">
          Around an entity
          <input value={draft} onChange={(event) => setDraft(event.target.value)} list="commonest-names" />
        </label>
        <datalist id="commonest-names">
          {data?.commonest.map(({ label }) => (
            <option key={label} value={label} />
          ))}
        </datalist>
        <button type="submit">Show</button>
      </form>
      {asked === undefined || passages === undefined ? null : (
        <AnswerPaths asked={asked} passages={passages} onEntity={go} />
      )}
      {error ? <ProblemNote error={error} /> : null}
      {isFetching ? <Waiting what="Bringing the graph up to date" /> : null}
      {data && data.nodes.length > 0 ? (
        <>
          <Suspense fallback={<Waiting what="Drawing" />}>
            <GraphDrawing view={data} centre={around ?? ""} onEntity={go} />
          </Suspense>
          <h2>In words</h2>
          <ul className="cards">
            {data.nodes
              .filter(({ kind }) => kind !== "passage")
              .slice(0, 100)
              .map(({ id, label, kind }) => (
                <li key={id}>
                  <button type="button" className="quiet" onClick={() => go(label)}>
                    {label}
                  </button>
                  <span className="meta">{kind}</span>
                </li>
              ))}
          </ul>
        </>
      ) : null}
      {data ? (
        <section aria-labelledby="commonest-head">
          <h2 id="commonest-head">In the most passages</h2>
          <ul className="virtual-like">
            {data.commonest.map(({ label, passages: mentions }) => (
              <li key={label} className="list-row">
                <Link
                  to="/p/$project/graph"
                  params={{ project }}
                  search={{ around: label }}
                  onClick={() => setDraft(label)}
                >
                  {label}
                </Link>
                <span className="meta">{counted(mentions, "passage")}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {data && data.largest.length > 0 ? (
        <section aria-labelledby="communities">
          <h2 id="communities">The largest communities</h2>
          <p className="lead">
            Entities that are mentioned together more than with others, by those best joined.
          </p>
          <ul className="virtual-like">
            {data.largest.map(({ label, entities }) => (
              <li key={label} className="list-row">
                <span className="list-main">{label}</span>
                <span className="meta">{counted(entities, "entity", "entities")}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}
