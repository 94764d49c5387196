import type { OnProgress, Progress } from "../contracts/index.ts";

/** Where progress is written. A terminal gets one line that is redrawn, anything else gets plain lines. */
export interface ProgressTarget {
  write: (text: string) => unknown;
  isTerminal: boolean;
  columns: number;
  /** Milliseconds, from any origin. */
  now: () => number;
}

export interface ProgressDisplay {
  onProgress: OnProgress;
  /** Wipes the line, so that other text can be printed; the next report draws it again. */
  clear: () => void;
}

const redrawMs = 100;
const plainLineMs = 5000;
const plainLineShare = 0.1;

export function showProgress(target: ProgressTarget): ProgressDisplay {
  let step = "";
  let began = { at: 0, done: 0 };
  let shown = { at: -Infinity, share: 0 };
  let drawn = false;

  const onProgress = (progress: Progress): void => {
    const now = target.now();
    const isNewStep = progress.step !== step;
    if (isNewStep) {
      step = progress.step;
      began = { at: now, done: progress.done };
      shown = { at: -Infinity, share: 0 };
    }
    const share = progress.total ? progress.done / progress.total : 0;
    const isLast = progress.total !== undefined && progress.done >= progress.total;
    const due = target.isTerminal
      ? now - shown.at >= redrawMs
      : now - shown.at >= plainLineMs || share - shown.share >= plainLineShare;
    if (!due && !(isLast && shown.share < 1)) return;
    shown = { at: now, share };
    // At the end of a step it would read as if the step itself went on.
    const left = isLast ? undefined : (progress.remainingSeconds ?? stepTimeLeft(progress, began, now));
    if (target.isTerminal) {
      target.write(`\r\x1b[2K${barLine(progress, left, target.columns)}`);
      drawn = true;
    } else {
      target.write(`${plainLine(progress, left)}\n`);
    }
  };
  const clear = (): void => {
    if (drawn) target.write("\r\x1b[2K");
    drawn = false;
  };
  return { onProgress, clear };
}

/** `about 3 min left` */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${(seconds / 3600).toFixed(1)} h left`;
}

function stepTimeLeft(
  progress: Progress,
  began: { at: number; done: number },
  now: number,
): number | undefined {
  const worked = progress.done - began.done;
  if (!progress.total || worked <= 0 || now - began.at < 2000) return undefined;
  return ((now - began.at) / 1000 / worked) * (progress.total - progress.done);
}

function plainLine(progress: Progress, left: number | undefined): string {
  const percent = progress.total ? `: ${Math.floor((100 * progress.done) / progress.total)}%` : "";
  return `${progress.step}${percent}${facts(progress, left)}`;
}

function barLine(progress: Progress, left: number | undefined, columns: number): string {
  const width = 20;
  const share = progress.total ? Math.min(1, progress.done / progress.total) : 0;
  const filled = Math.round(share * width);
  const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)} ${String(Math.floor(share * 100)).padStart(3)}%`;
  const line = `${progress.step} ${progress.total ? bar : ""}${facts(progress, left)}`;
  return line.slice(0, Math.max(20, columns - 1));
}

/** `12/60 steps`; bytes are told in megabytes: `4.2/98 MB`. */
function countOf({ done, total, unit }: Progress): string {
  const isBytes = unit === "B";
  const show = (amount: number): string => (isBytes ? megabytes(amount) : String(amount));
  const count = total ? `${show(done)}/${show(total)}` : show(done);
  return [count, isBytes ? "MB" : unit].filter(Boolean).join(" ");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 9.95e6 ? 1 : 0);
}

function facts(progress: Progress, left: number | undefined): string {
  const parts = [countOf(progress), progress.note, left === undefined ? undefined : formatTimeLeft(left)];
  return parts.map((part) => (part ? `  ${part}` : "")).join("");
}
