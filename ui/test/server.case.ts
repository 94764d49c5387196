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
  /** Where its sessions are kept; a server started with it again knows them. */
  home: string;
  child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface UiStart {
  port?: number;
  home?: string;
  /** The folder is copied to a disk of this size, as `mount` takes it, that only this server and its children see. */
  disk?: string;
}

/** Starts the built `lorag ui` on a folder; resolves when it listens. */
export async function startUi(
  folder: string,
  { port = 0, home = mkdtempSync(join(tmpdir(), "lorag-home-")), disk }: UiStart = {},
): Promise<RunningUi> {
  const program = [
    process.execPath,
    join(root, "dist/cli/main.js"),
    "ui",
    "--no-open",
    "--port",
    String(port),
    "--project",
    folder,
  ];
  const command = disk === undefined ? program : onSmallDisk(folder, disk, program);
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...linkedModels(home) },
  });
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
    home,
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

function onSmallDisk(folder: string, size: string, program: string[]): string[] {
  const script = `cp -r "$0" "$0.kept" && mount -t tmpfs -o size=${size} none "$0" && cp -r "$0.kept/." "$0" && exec "$@"`;
  return ["unshare", "-rm", "sh", "-c", script, folder, ...program];
}
