import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { LoragError } from "../src/contracts/index.ts";
import { takeLock } from "../src/platform/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = join(root, ".built");
const stampFile = join(built, "stamp");

/**
 * Path of the command line, built from the sources as they are. A process that runs the sources themselves takes a
 * second and more of processor time more to start, and the suite starts some two hundred.
 */
export async function builtProgram(): Promise<string> {
  const stamp = stampOf(join(root, "src"));
  const isFresh = (): boolean => existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
  mkdirSync(built, { recursive: true });
  while (!isFresh()) {
    const lock = await takeLock(join(built, "lock")).catch((error: unknown) => {
      if (error instanceof LoragError && error.code === "LORAG_LOCKED") return undefined;
      throw error;
    });
    if (!lock) {
      await sleep(200);
      continue;
    }
    try {
      if (!isFresh()) {
        await build();
        writeFileSync(stampFile, stamp);
      }
    } finally {
      await lock.release();
    }
  }
  return join(built, "cli/main.js");
}

/** Types are checked elsewhere. */
async function build(): Promise<void> {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const options = ["-p", "tsconfig.build.json", "--noCheck", "--declaration", "false", "--outDir", built];
  await promisify(execFile)(process.execPath, [compiler, ...options], { cwd: root });
}

function stampOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const { mtimeMs, size } = statSync(join(folder, name));
    hash.update(`${name} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}
