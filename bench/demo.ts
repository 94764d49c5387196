import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resultsSchema } from "../src/contracts/index.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

/**
 * Minutes that `lorag compare` takes on a fresh copy of the example project, from a warm model cache, and by how many
 * points of right answers its best arm leads the best floor.
 */
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
        await leadOver(folder),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function leadOver(folder: string): Promise<BenchResult["rows"][number]> {
  const text = await readFile(join(folder, ".lorag", "results.json"), "utf8");
  const { arms, floors } = resultsSchema.parse(JSON.parse(text));
  const right = (found: { metrics: { correct: { value: number } } }[]): number =>
    Math.max(...found.map(({ metrics }) => metrics.correct.value)) * 100;
  const [best, floor] = [right(arms.filter((arm) => arm.status === "ok")), right(floors)];
  return {
    name: "best-minus-floor",
    value: round(best - floor),
    unit: "points of right answers, higher is better",
    ours: round(best),
    peer: round(floor),
  };
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
