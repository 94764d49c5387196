import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtProgram } from "./built-program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const main = await builtProgram();

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** As which user, on systems where the tests run as root. */
  uid?: number;
}

/** Starts the real command line as a process of its own. */
export function startLorag(
  args: string[],
  options: RunOptions = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { ...process.env, ...options.env },
    ...(options.uid !== undefined && { uid: options.uid }),
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (text.stdout += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (text.stderr += piece));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
  });
  return { child, ended };
}

export const lorag = (args: string[], options?: RunOptions): Promise<Ended> =>
  startLorag(args, options).ended;

/** A folder with these files, by path; a new one unless it is given. */
export function makeProject(
  files: Record<string, string | Uint8Array>,
  folder = mkdtempSync(join(tmpdir(), "lorag-test-")),
): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A line of examples.jsonl. */
export const exampleLine = (prompt: string, completion: string, documents?: string[]): string =>
  `${JSON.stringify({ prompt, completion, ...(documents && { metadata: { documents } }) })}\n`;
