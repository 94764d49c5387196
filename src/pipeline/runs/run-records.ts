import { join } from "node:path";
import {
  LoragError,
  type RunEvent,
  type RunRequest,
  type RunStage,
  type RunView,
} from "../../contracts/index.ts";
import {
  appendJsonLine,
  askToStop,
  exists,
  isRunning,
  listFolder,
  makeFolder,
  openFile,
  parseJson,
  readText,
  startDetached,
  statPath,
  writeFileAtomic,
  type ProcessId,
} from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import { estimateRun } from "./estimate-run.ts";

/** The command line of this program, to start it a second time. */
export interface Program {
  path: string;
  args: string[];
}

interface KeptRun extends RunRequest {
  id: string;
  stages: RunStage[];
}

const runsFolder = ({ output }: Project): string => join(output, "runs");
export const runFolder = (project: Project, id: string): string => join(runsFolder(project), id);

/** Every run that was started with a record, the newest first. */
export async function listRuns(project: Project): Promise<RunView[]> {
  const folder = runsFolder(project);
  if (!(await exists(folder))) return [];
  const ids = (await listFolder(folder)).filter(isRunId).reverse();
  const views = await Promise.all(ids.map((id) => findRun(project, id).catch(() => undefined)));
  return views.filter((view) => view !== undefined);
}

/** Names begin with the time, so that their order is that of the runs. */
const isRunId = (name: string): boolean => /^\d{8}-\d{6}(?:-\d+)?$/.test(name);

/** Throws LORAG_NO_RUN. */
export async function findRun(project: Project, id: string): Promise<RunView> {
  const file = join(runFolder(project, id), "run.json");
  if (!isRunId(id) || !(await exists(file))) throw noRun(id);
  const kept = JSON.parse(await readText(file)) as KeptRun;
  const events = await readEvents(project, id);
  const { cpu_hour, currency } = project.config.prices;
  const { state, error } = stateOf(id, events);
  const activeSeconds = secondsAtWork(events, state === "running");
  const [first] = events;
  const last = events.at(-1);
  return {
    ...kept,
    state,
    began: first?.at ?? new Date().toISOString(),
    ...(state !== "running" && last && { ended: last.at }),
    activeSeconds,
    cost: (activeSeconds / 3600) * cpu_hour,
    currency,
    hasResults: await exists(join(runFolder(project, id), "results.json")),
    ...(error && { error }),
    ...(state === "cut off" && (await lastWords(project, id))),
  };
}

type Kept = RunEvent & { at: string };

async function readEvents(project: Project, id: string): Promise<Kept[]> {
  const { lines } = await readEventLines(project, id, 0);
  return lines.map(parseJson).filter((event) => event !== undefined) as Kept[];
}

/** The whole lines of a run's events from a byte on, and where the next one begins. */
export async function readEventLines(
  project: Project,
  id: string,
  from: number,
): Promise<{ lines: string[]; next: number }> {
  const file = join(runFolder(project, id), "events.jsonl");
  const size = (await statPath(file))?.size ?? 0;
  if (size <= from) return { lines: [], next: from };
  const source = openFile(file);
  try {
    const bytes = source.read(from, source.size - from);
    const end = bytes.lastIndexOf(0x0a) + 1;
    const text = new TextDecoder().decode(bytes.subarray(0, end));
    return { lines: text.split("\n").filter((line) => line !== ""), next: from + end };
  } finally {
    source.close();
  }
}

function stateOf(id: string, events: Kept[]): Pick<RunView, "state" | "error"> {
  const began = events.findLastIndex(({ kind }) => kind === "began");
  const resumed = events.findLastIndex((event) => event.kind === "asked" && event.what === "resume");
  const [first, ...since] = events.slice(Math.max(0, began));
  if (resumed > began || first?.kind !== "began") {
    // A program that was started says so within seconds.
    const startedAt = resumed > began ? Date.parse(events[resumed]!.at) : timeOf(id);
    return { state: Date.now() - startedAt < startMs ? "running" : "cut off" };
  }
  const ended = since.findLast((event) => event.kind === "ended");
  if (ended?.kind === "ended" && ended.outcome === "done") return { state: "done" };
  if (ended?.kind === "ended" && ended.outcome === "failed") {
    return { state: "failed", ...(ended.error && { error: ended.error }) };
  }
  if (!ended && isRunning(first.process)) return { state: "running" };
  const asked = since.findLast((event) => event.kind === "asked");
  return { state: asked?.kind !== "asked" ? "cut off" : asked.what === "stop" ? "stopped" : "paused" };
}

const startMs = 30_000;

/** When a run was started, by its id: `20260131-235959`. */
const timeOf = (id: string): number =>
  Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d).*$/, "$1-$2-$3T$4:$5:$6Z"));

/** What the process printed last, where it ended before it could keep a record. */
async function lastWords(project: Project, id: string): Promise<Pick<RunView, "error">> {
  const file = join(runFolder(project, id), "log.txt");
  const text = (await exists(file)) ? (await readText(file)).trim() : "";
  const from = text.lastIndexOf("error: ");
  if (from < 0) return {};
  const [message = "", next = ""] = text.slice(from + "error: ".length).split(/\n(?=[^\n]*\n\[LORAG_)/);
  return { error: { code: "LORAG_RUN_ENDED", kind: "internal", message, next: next.split("\n")[0] ?? "" } };
}

/** Between its beginnings and ends; of a stretch that was cut off, until the last thing that it told. */
function secondsAtWork(events: Kept[], isAtWork: boolean): number {
  let seconds = 0;
  let began: number | undefined;
  let last = 0;
  for (const event of events) {
    const at = Date.parse(event.at);
    if (event.kind === "began") {
      if (began !== undefined) seconds += last - began;
      began = at;
    } else if (event.kind === "ended" && began !== undefined) {
      seconds += at - began;
      began = undefined;
    }
    last = at;
  }
  if (began !== undefined) seconds += (isAtWork ? Date.now() : last) - began;
  return seconds / 1000;
}

/** Starts a comparison as a process of its own, that no server's end ends. Throws LORAG_LOCKED where one runs already. */
export async function startRun(context: Context, program: Program, request: RunRequest): Promise<string> {
  const { project } = context;
  await refuseSecond(project);
  const { stages } = await estimateRun(context, request);
  const id = await newId(project);
  await writeFileAtomic(
    join(runFolder(project, id), "run.json"),
    JSON.stringify({ id, ...request, stages } satisfies KeptRun),
  );
  await launch(project, program, id, request);
  return id;
}

/** Takes a run up again that was paused, stopped or cut off. Throws LORAG_NO_RUN, LORAG_LOCKED. */
export async function resumeRun(project: Project, program: Program, id: string): Promise<void> {
  const { arms, curve } = await findRun(project, id);
  await refuseSecond(project);
  await tellAsked(project, id, "resume");
  await launch(project, program, id, { arms, curve });
}

async function launch(
  project: Project,
  program: Program,
  id: string,
  { arms, curve }: RunRequest,
): Promise<void> {
  const folder = runFolder(project, id);
  const args = [
    "compare",
    "--project",
    project.folder,
    "--arms",
    arms.join(","),
    "--record",
    folder,
    ...(curve ? ["--curve"] : []),
  ];
  await startDetached(program.path, [...program.args, ...args], { logFile: join(folder, "log.txt") });
}

/** Ends a run at the next place from which it can go on. */
export async function stopRun(project: Project, id: string, what: "pause" | "stop"): Promise<void> {
  const { state } = await findRun(project, id);
  const events = await readEvents(project, id);
  await tellAsked(project, id, what);
  if (state !== "running") return;
  const began = events.findLast((event) => event.kind === "began");
  if (began?.kind === "began") askToStop(began.process as ProcessId);
}

function tellAsked(project: Project, id: string, what: "pause" | "stop" | "resume"): Promise<void> {
  const event: Kept = { at: new Date().toISOString(), kind: "asked", what };
  return appendJsonLine(join(runFolder(project, id), "events.jsonl"), event);
}

async function refuseSecond(project: Project): Promise<void> {
  const running = (await listRuns(project)).find(({ state }) => state === "running");
  if (!running) return;
  throw new LoragError({
    code: "LORAG_LOCKED",
    kind: "busy",
    message: "A run of this project is under way",
    next: "Wait until it ends, or stop it first.",
  });
}

async function newId(project: Project): Promise<string> {
  const time = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  for (let number = 1; ; number++) {
    const id = number === 1 ? time : `${time}-${number}`;
    if (await exists(runFolder(project, id))) continue;
    await makeFolder(runFolder(project, id));
    return id;
  }
}

const noRun = (id: string): LoragError =>
  new LoragError({
    code: "LORAG_NO_RUN",
    kind: "missing",
    message: `There is no run ${JSON.stringify(id.slice(0, 40))}`,
    next: "It may have been removed with the project's output folder.",
  });
