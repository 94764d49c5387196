import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeMachine, round, type BenchResult } from "./result.ts";

/** Minutes that `lorag compare` takes on a fresh copy of the example project, from a warm model cache. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-demo-"));
  try {
    await cp("examples/tidewater", folder, { recursive: true, filter: (path) => !path.includes(".lorag") });
    await execute("npm", ["run", "--silent", "build"]);
    const started = performance.now();
    await execute("node", ["dist/cli/main.js", "compare", "--project", folder]);
    const minutes = round((performance.now() - started) / 60_000);
    return {
      bench: "demo",
      machine: describeMachine(),
      rows: [
        { name: "demo-minutes", value: minutes, unit: "minutes, lower is better", ours: minutes, peer: 10 },
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function execute(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(" ")} ended with ${code}`)),
    );
  });
}
