import { Link } from "@tanstack/react-router";
import type { RunView } from "../../../../src/contracts/index.ts";
import { useProject } from "../../api/use-project.ts";
import { duration } from "../../parts/numbers.ts";
import { When } from "../../parts/when.tsx";

export function PastRuns({ runs }: { runs: RunView[] }) {
  const project = useProject();
  return (
    <section aria-labelledby="past">
      <h2 id="past">Earlier runs</h2>
      <ul className="virtual-like">
        {runs.slice(1).map((run) => (
          <li key={run.id} className="list-row">
            <div className="list-main">
              <span>
                <When iso={run.began} /> <span className="badge plain">{run.state}</span>
              </span>
              <span className="meta cut">
                {run.arms.join(", ")} · {duration(run.activeSeconds)}
              </span>
            </div>
            {run.hasResults ? (
              <Link to="/p/$project/verdict" params={{ project }} search={{ run: run.id }}>
                Verdict
              </Link>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
