import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { RunView } from "../../../../src/contracts/index.ts";
import { ofProject, post } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { Coded } from "../../parts/coded.tsx";
import { duration, money } from "../../parts/numbers.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { When } from "../../parts/when.tsx";
import { Answers } from "./answers.tsx";
import { Curves } from "./curves.tsx";
import { Stages } from "./stages.tsx";
import { useRunEvents } from "./use-run-events.ts";

const words: Record<RunView["state"], string> = {
  running: "Under way",
  done: "Done",
  failed: "Failed",
  paused: "Paused",
  stopped: "Stopped",
  "cut off": "Cut off",
};

export function LiveRun({ run }: { run: RunView }) {
  const project = useProject();
  const queries = useQueryClient();
  const live = useRunEvents(project, run.id);
  const act = useMutation({
    mutationFn: (what: "pause" | "stop" | "resume") => post(ofProject(project, `runs/${run.id}/${what}`)),
    onSettled: () => queries.invalidateQueries({ queryKey: [project, "runs"] }),
  });
  useNotice(run, project);
  const isRunning = run.state === "running";
  const left = isRunning ? live.current?.remainingSeconds : undefined;
  const isResumable = run.state === "paused" || run.state === "cut off" || run.state === "failed";
  return (
    <section aria-labelledby={`run-${run.id}`} className="live">
      <h2 id={`run-${run.id}`}>
        {words[run.state]} <span className="meta">{run.arms.join(", ")}</span>
      </h2>
      <p className="figures-line" role="status">
        <span>
          began <When iso={run.began} />
        </span>
        <span>
          <strong>{duration(run.activeSeconds)}</strong> at work
        </span>
        <span>
          <strong>{money(run.cost, run.currency)}</strong> so far
        </span>
        {left === undefined ? null : (
          <span>
            <strong>{left < 10 ? "a few seconds" : `about ${duration(left)}`}</strong> left
          </span>
        )}
        {live.isConnected ? null : <span className="failed">The line is cut; it is taken up again.</span>}
      </p>
      {run.error ? (
        <div className="failure" role="alert">
          <p>
            <strong className="lines">{run.error.message}</strong>
          </p>
          <p>{run.error.next}</p>
        </div>
      ) : null}
      {run.state === "cut off" ? (
        <p>The process ended before it was done, by the machine or by hand. What is finished is kept.</p>
      ) : null}
      {act.error ? <ProblemNote error={act.error} /> : null}
      <div className="row">
        {isRunning ? (
          <>
            <button type="button" disabled={act.isPending} onClick={() => act.mutate("pause")}>
              Pause
            </button>
            <button
              type="button"
              className="danger"
              disabled={act.isPending}
              onClick={() => act.mutate("stop")}
            >
              Stop
            </button>
            <NoticeButton />
          </>
        ) : null}
        {isResumable ? (
          <>
            <button
              type="button"
              className="primary"
              disabled={act.isPending}
              onClick={() => act.mutate("resume")}
            >
              Go on
            </button>
            {run.state === "paused" ? (
              <button type="button" disabled={act.isPending} onClick={() => act.mutate("stop")}>
                Leave it
              </button>
            ) : null}
          </>
        ) : null}
        {run.hasResults ? (
          <Link className="button" to="/p/$project/verdict" params={{ project }} search={{ run: run.id }}>
            See the verdict
          </Link>
        ) : null}
      </div>
      <Stages run={run} live={live} />
      <Curves run={run} heard={live.heard} />
      {isRunning ? <Answers run={run} stage={live.current?.stage} heard={live.heard} /> : null}
      {live.warnings.length > 0 ? (
        <>
          <h3>Told on the way</h3>
          <ul className="notes">
            {live.warnings.map((warning) => (
              <li key={warning}>
                <Coded text={warning} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function NoticeButton() {
  if (!("Notification" in window) || Notification.permission !== "default") return null;
  return (
    <button type="button" className="quiet" onClick={() => void Notification.requestPermission()}>
      Notify me when it is done
    </button>
  );
}

/** Tells of the end of a run that was seen under way, where that is allowed. */
function useNotice({ state }: RunView, project: string): void {
  const before = useRef(state);
  useEffect(() => {
    const ended = before.current === "running" && (state === "done" || state === "failed");
    before.current = state;
    if (ended && "Notification" in window && Notification.permission === "granted") {
      const notice = new Notification(`${project}: the run is ${state}`);
      notice.addEventListener("click", () => window.focus());
    }
  }, [state, project]);
}
