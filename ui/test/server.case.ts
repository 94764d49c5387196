import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface RunningUi {
  /** With the token, good once. */
  link: string;
  address: string;
  child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts the built `lorag ui` on a folder; resolves when it listens. */
export async function startUi(
  folder: string,
  { port = 0, home = mkdtempSync(join(tmpdir(), "lorag-home-")) }: { port?: number; home?: string } = {},
): Promise<RunningUi> {
  const child = spawn(
    process.execPath,
    [join(root, "dist/cli/main.js"), "ui", "--no-open", "--port", String(port), "--project", folder],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...linkedModels(home) } },
  );
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let said = "";
  const link = await new Promise<string>((resolve, reject) => {
    const hear = (piece: Buffer): void => {
      said += piece.toString();
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(said) ?? [];
      if (found) resolve(found);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("close", (code) => reject(new Error(`lorag ui ended with ${code}: ${said}`)));
  });
  return {
    link,
    address: link.slice(0, link.indexOf("#")),
    child,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Sessions are kept in the cache folder: a test has its own, beside the models of this machine. */
const linkedModels = (home: string): Record<string, string> => ({
  LORAG_UI_SESSIONS: join(home, "sessions.json"),
});
