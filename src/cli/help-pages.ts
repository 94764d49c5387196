import { exitCodes, type ErrorKind } from "../contracts/index.ts";
import { renderConfigReference } from "../pipeline/index.ts";

/** What an exit code tells. */
const meanings: Record<ErrorKind, string> = {
  internal: "a fault of lorag itself",
  usage: "the command line is wrong",
  data: "documents, examples or a model file cannot be used",
  missing: "a file, folder, project or result is not there",
  unavailable: "something outside is out of reach: a model, Python, the network",
  io: "the disk is full, read-only or not permitted",
  busy: "another lorag run is at work in this project",
  config: "lorag.yaml is wrong",
  interrupted: "stopped by Ctrl-C or SIGTERM; the same command goes on",
};

/** `lorag help TOPIC`, for the topics that are not commands. */
export function helpPage(topic: string | undefined): string | undefined {
  if (topic === "config") return renderConfigReference();
  if (topic === "exit-codes") return exitCodesPage();
  return undefined;
}

function exitCodesPage(): string {
  const rows = Object.entries(exitCodes).map(
    ([kind, code]) => `${String(code).padStart(4)}  ${kind.padEnd(12)} ${meanings[kind as ErrorKind]}`,
  );
  return `Exit codes:\n\n   0  ${"success".padEnd(12)} done\n${rows.join("\n")}\n`;
}
