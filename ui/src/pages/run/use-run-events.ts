import { useEffect, useReducer } from "react";
import type { Progress, RunEvent } from "../../../../src/contracts/index.ts";
import { ofProject } from "../../api/request.ts";

export interface LiveState {
  /** The last report of each stage, by its id. */
  stages: Record<string, Progress>;
  /** The stage that reported last. */
  current: Progress | undefined;
  warnings: string[];
  /** How many times something was heard, for what hangs on it. */
  heard: number;
  isConnected: boolean;
}

const nothing: LiveState = { stages: {}, current: undefined, warnings: [], heard: 0, isConnected: true };

/** What a run tells, from its beginning; a line that is cut is taken up at the last event. */
export function useRunEvents(project: string, id: string): LiveState {
  const [state, hear] = useReducer(follow, nothing);
  useEffect(() => {
    const source = new EventSource(ofProject(project, `runs/${id}/events`));
    source.addEventListener("message", ({ data }: MessageEvent<string>) =>
      hear(JSON.parse(data) as RunEvent),
    );
    source.addEventListener("open", () => hear("open"));
    source.addEventListener("error", () => hear("cut"));
    return () => source.close();
  }, [project, id]);
  return state;
}

function follow(state: LiveState, event: RunEvent | "open" | "cut"): LiveState {
  if (event === "open") return { ...state, isConnected: true };
  if (event === "cut") return { ...state, isConnected: false };
  const heard = state.heard + 1;
  if (event.kind === "progress") {
    const { progress } = event;
    return {
      ...state,
      heard,
      current: progress,
      stages: { ...state.stages, [progress.stage ?? progress.step]: progress },
    };
  }
  if (event.kind === "warning") {
    return state.warnings.includes(event.message)
      ? state
      : { ...state, heard, warnings: [...state.warnings, event.message] };
  }
  // A run that was taken up again tells its warnings again.
  if (event.kind === "began") return { ...state, heard, current: undefined, warnings: [] };
  return { ...state, heard, current: undefined };
}
