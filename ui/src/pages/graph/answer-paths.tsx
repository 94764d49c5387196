import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { AnswerPathsView } from "../../../../src/contracts/index.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";

const GraphDrawing = lazy(() => import("./graph-drawing.tsx"));

/** The way from what a question names to the passages of its answer, drawn and in words. */
export function AnswerPaths({
  asked,
  passages,
  onEntity,
}: {
  asked: string;
  passages: string;
  onEntity: (label: string) => void;
}) {
  const project = useProject();
  const { data, error } = useOfProject<AnswerPathsView>(
    "graph/paths",
    { asked, passages },
    { staleTime: 60_000 },
  );
  const nodes = new Map(data?.nodes.map((node) => [node.id, node]));
  return (
    <section aria-labelledby="paths">
      <h2 id="paths" className="lines">
        The way to an answer
      </h2>
      <p className="lead lines">{asked}</p>
      {error ? <ProblemNote error={error} /> : null}
      {data || error ? null : <Waiting what="Tracing the passages" />}
      {data?.paths.length === 0 ? (
        <p className="empty">
          The graph knows nothing that this question names, so that the passages were found by the plain
          search.
        </p>
      ) : null}
      {data && data.paths.length > 0 ? (
        <>
          <Suspense fallback={<Waiting what="Drawing" />}>
            <GraphDrawing
              view={data}
              centre={nodes.get(data.paths[0]![0]!)?.label ?? ""}
              onEntity={onEntity}
            />
          </Suspense>
          <ol className="paths">
            {data.paths.map((path) => (
              <li key={path.join("\n")}>
                {path.map((id, step) => {
                  const node = nodes.get(id);
                  return (
                    <span key={id}>
                      {step === 0 ? null : <span aria-label="leads to"> → </span>}
                      {node?.kind === "passage" ? (
                        <em>{node.label}</em>
                      ) : (
                        <Link
                          to="/p/$project/graph"
                          params={{ project }}
                          search={{ around: node?.label ?? "" }}
                        >
                          {node?.label}
                        </Link>
                      )}
                    </span>
                  );
                })}
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </section>
  );
}
