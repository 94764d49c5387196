import { Link, useSearch } from "@tanstack/react-router";
import type { ResultsSummary, RunView } from "../../../../src/contracts/index.ts";
import { Problem } from "../../api/request.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { ReportMarkup } from "../../parts/report-markup.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { ExportLinks } from "./export-links.tsx";
import { OverridesNote } from "./overrides-note.tsx";
import { QuestionTable } from "./question-table.tsx";

/** The report, alive: its own words, figures and charts, and the questions to filter and open. */
export function VerdictPage() {
  const project = useProject();
  const { run } = useSearch({ strict: false });
  const query: Record<string, string> = run === undefined ? {} : { run };
  const { data, error } = useOfProject<ResultsSummary>("results", query, { staleTime: 10_000 });
  const runs = useOfProject<RunView[]>("runs");
  if (error instanceof Problem && error.code === "LORAG_NO_RESULTS") {
    return (
      <>
        <h1>Verdict</h1>
        <p className="empty">
          There is no verdict yet.{" "}
          <Link to="/p/$project/run" params={{ project }}>
            Start a run
          </Link>
          ; its verdict is shown here when it is done.
        </p>
      </>
    );
  }
  if (error) return <ProblemNote error={error} />;
  if (!data) return <Waiting what="Reading the results" />;
  const { sections } = data;
  const earlier = runs.data?.filter(({ hasResults, id }) => hasResults && id !== run) ?? [];
  // The last comparison is that of the newest run.
  const [other] = run === undefined ? earlier.slice(1) : earlier;
  return (
    <div className="report">
      <ReportMarkup markup={sections.head} />
      <OverridesNote overrides={data.overrides} isLast={run === undefined} />
      <ReportMarkup markup={sections.verdict} />
      <div className="row no-print after-verdict">
        <ExportLinks run={run} />
        {other ? (
          <Link
            className="button"
            to="/p/$project/changes"
            params={{ project }}
            search={{ ...(run !== undefined && { run }), before: other.id }}
          >
            Compare with another run
          </Link>
        ) : null}
      </div>
      <ReportMarkup markup={sections.charts} />
      <ReportMarkup markup={sections.figures} />
      <ReportMarkup markup={sections.types} />
      <ReportMarkup markup={sections.tests} />
      <QuestionTable results={data} />
      <ReportMarkup markup={sections.method} />
    </div>
  );
}
