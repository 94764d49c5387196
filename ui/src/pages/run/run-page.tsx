import type { RunView } from "../../../../src/contracts/index.ts";
import { useOfProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { NewRun } from "./new-run.tsx";
import { LiveRun } from "./live-run.tsx";
import { PastRuns } from "./past-runs.tsx";

/** Choose contenders and start; see the run that is under way, or how the last one ended. */
export function RunPage() {
  const { data: runs, error } = useOfProject<RunView[]>("runs", {}, { refetchInterval: 3000 });
  const [latest] = runs ?? [];
  const isOpen = latest !== undefined && latest.state !== "done" && latest.state !== "stopped";
  return (
    <>
      <h1>Run</h1>
      {error ? <ProblemNote error={error} /> : null}
      {isOpen ? <LiveRun key={latest.id} run={latest} /> : null}
      {latest?.state === "running" ? null : <NewRun />}
      {!isOpen && latest ? <LiveRun key={latest.id} run={latest} /> : null}
      {runs && runs.length > 1 ? <PastRuns runs={runs} /> : null}
    </>
  );
}
