import { useEffect, useState } from "react";
import type { RunView } from "../../../../src/contracts/index.ts";
import { get, ofProject } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { ReportMarkup } from "../../parts/report-markup.tsx";
import { useSettled } from "./use-settled.ts";

/** The report's own chart of losses, drawn again as it grows. */
export function Curves({ run, heard }: { run: RunView; heard: number }) {
  const project = useProject();
  const [chart, setChart] = useState<string | null>(null);
  const now = useSettled(heard, 1000);
  useEffect(() => {
    const stop = new AbortController();
    get<{ chart: string | null }>(ofProject(project, `runs/${run.id}/curves`), stop.signal).then(
      (found) => setChart(found.chart),
      () => {},
    );
    return () => stop.abort();
  }, [project, run.id, run.state, now]);
  if (chart === null) return null;
  return (
    <div className="charts">
      <ReportMarkup markup={chart} />
    </div>
  );
}
