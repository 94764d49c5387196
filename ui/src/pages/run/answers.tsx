import { useEffect, useState } from "react";
import type { LatestAnswer, RunView } from "../../../../src/contracts/index.ts";
import { get, ofProject } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";
import { useSettled } from "./use-settled.ts";

/** What the arm that is being asked answered last. */
export function Answers({ run, stage, heard }: { run: RunView; stage: string | undefined; heard: number }) {
  const project = useProject();
  const arm = stage?.startsWith("answer/") ? stage.slice("answer/".length) : undefined;
  const [answers, setAnswers] = useState<LatestAnswer[]>([]);
  const now = useSettled(heard, 1000);
  useEffect(() => {
    if (arm === undefined) return;
    const stop = new AbortController();
    get<LatestAnswer[]>(ofProject(project, `runs/${run.id}/answers`, { arm }), stop.signal).then(
      setAnswers,
      () => {},
    );
    return () => stop.abort();
  }, [project, run.id, arm, now]);
  if (arm === undefined || answers.length === 0) return null;
  return (
    <>
      <h3>{arm} just said</h3>
      <ul className="said-list">
        {answers.map(({ id, text, abstained }) => (
          <li key={id}>
            <span className="meta">
              {id}
              {abstained ? " · abstained" : ""}
            </span>
            <p className="lines cut2">{text === "" ? "(nothing)" : text}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
