import { LoragError, type IndexState } from "../../contracts/index.ts";
import { index, indexState, openProject, type Project } from "../../pipeline/index.ts";

/** Brings an index up to date after its documents changed. */
export interface IndexKeeper {
  changed(project: Project): void;
  state(project: Project): Promise<IndexState>;
  /** Nothing is under way any more: a run that starts brings the index up to date itself. */
  settle(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** Files often come many at a time. */
const settleMs = 1500;

export function createIndexKeeper(
  onError: (error: unknown) => void,
  onChange: (folder: string) => void,
): IndexKeeper {
  const stop = new AbortController();
  const waiting = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<void>>();
  const failed = new Map<string, string>();

  const bring = async (project: Project): Promise<void> => {
    const { folder } = project;
    await running.get(folder);
    const work = index(await openProject(folder, { signal: stop.signal })).then(
      () => {
        failed.delete(folder);
        onChange(folder);
      },
      (error: unknown) => {
        // A run that is at work brings the index up to date itself, or the next one does.
        if (stop.signal.aborted || (error instanceof LoragError && error.code === "LORAG_LOCKED")) return;
        failed.set(folder, error instanceof Error ? error.message : String(error));
      },
    );
    running.set(folder, work);
    await work;
    if (running.get(folder) === work) running.delete(folder);
  };
  return {
    changed(project) {
      const { folder } = project;
      clearTimeout(waiting.get(folder));
      waiting.set(
        folder,
        setTimeout(() => {
          waiting.delete(folder);
          // Without an index there is nothing to bring up to date: the first run makes it.
          indexState(project)
            .then(({ state }) => (state === "none" ? undefined : bring(project)))
            .catch(onError);
        }, settleMs),
      );
    },
    async state(project) {
      const { folder } = project;
      if (waiting.has(folder) || running.has(folder)) return { state: "indexing" };
      const message = failed.get(folder);
      return message === undefined ? indexState(project) : { state: "failed", message };
    },
    async settle(folder) {
      clearTimeout(waiting.get(folder));
      waiting.delete(folder);
      await running.get(folder);
    },
    async close() {
      stop.abort();
      for (const timer of waiting.values()) clearTimeout(timer);
      await Promise.allSettled(running.values());
    },
  };
}
