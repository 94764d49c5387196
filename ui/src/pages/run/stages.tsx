import type { Progress, RunView } from "../../../../src/contracts/index.ts";
import { duration, whole } from "../../parts/numbers.ts";
import type { LiveState } from "./use-run-events.ts";

/** Every stage of the run, what each has done, and how long the others would take. */
export function Stages({ run, live }: { run: RunView; live: LiveState }) {
  const known = new Set(run.stages.map(({ id }) => id));
  // What is not of the plan: a model that is fetched.
  const others = Object.entries(live.stages).filter(([id]) => !known.has(id));
  return (
    <ol className="stages" aria-label="Stages">
      {others.map(([id, progress]) => (
        <Stage
          key={id}
          label={progress.step}
          progress={progress}
          isCurrent={live.current === progress}
          note=""
        />
      ))}
      {run.stages.map(({ id, label, seconds, isDone }) => {
        const progress = live.stages[id];
        const isOver = run.state === "done";
        const note =
          isDone && !progress
            ? "kept from an earlier run"
            : isOver || progress
              ? ""
              : `about ${duration(seconds)}`;
        return (
          <Stage
            key={id}
            label={label}
            progress={progress}
            isCurrent={progress !== undefined && live.current === progress}
            note={note}
            isDone={isOver || (isDone && !progress)}
          />
        );
      })}
    </ol>
  );
}

function Stage({
  label,
  progress,
  isCurrent,
  note,
  isDone = false,
}: {
  label: string;
  progress: Progress | undefined;
  isCurrent: boolean;
  note: string;
  isDone?: boolean;
}) {
  const share = isDone ? 1 : progress?.total ? Math.min(1, progress.done / progress.total) : 0;
  const count =
    progress?.unit === "B"
      ? undefined
      : progress?.total
        ? `${whole(progress.done)} of ${whole(progress.total)} ${progress.unit ?? ""}`
        : undefined;
  return (
    <li aria-current={isCurrent ? "step" : undefined}>
      <span className="stage-name">{label}</span>
      <progress value={share} max={1} aria-label={label} />
      <span className="meta">
        {[`${Math.floor(share * 100)}%`, count, progress?.note, note].filter(Boolean).join(" · ")}
      </span>
    </li>
  );
}
