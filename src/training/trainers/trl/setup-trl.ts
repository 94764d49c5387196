import { join } from "node:path";
import { LoragError } from "../../../contracts/index.ts";
import { cacheFolder, exists, readText, runProcess, writeFileAtomic } from "../../../platform/index.ts";

const pins = [
  "torch==2.13.0",
  "accelerate==1.15.0",
  "datasets==5.2.0",
  "peft==0.21.2",
  "safetensors==0.8.0",
  "tokenizers==0.23.3",
  "transformers==5.23.0",
  "trl==1.16.0",
];

const trlFolder = (): string => join(cacheFolder(), "trl");
const pythonOf = (folder: string): string => join(folder, "bin", "python");
const marker = (folder: string): string => join(folder, "installed.txt");

/** The Python that TRL is installed for here. Throws LORAG_NO_TRL. */
export async function findTrlPython(): Promise<string> {
  const folder = trlFolder();
  if (await exists(marker(folder))) return pythonOf(folder);
  throw new LoragError({
    code: "LORAG_NO_TRL",
    kind: "missing",
    message: `training.backend is trl, and there is no Python with TRL in ${folder}`,
    next: "Run `lorag doctor --setup trl`, which takes some minutes and gigabytes, or name one that has it with `training.python`.",
  });
}

/**
 * Makes a virtual environment with the pinned versions of torch, TRL and PEFT; does nothing where it is there. Returns its
 * Python. Throws LORAG_SETUP, LORAG_PROGRAM_MISSING.
 */
export async function setupTrl(tell: (message: string) => void, signal?: AbortSignal): Promise<string> {
  const folder = trlFolder();
  const python = pythonOf(folder);
  const wanted = `${pins.join("\n")}\n`;
  if ((await exists(marker(folder))) && (await readText(marker(folder))) === wanted) return python;
  tell(`Making a Python for TRL in ${folder}`);
  await succeed("python3", ["-m", "venv", folder], signal);
  tell(`Installing ${pins.join(", ")}`);
  await succeed(python, ["-m", "pip", "--disable-pip-version-check", "-q", "install", ...pins], signal);
  await writeFileAtomic(marker(folder), wanted);
  return python;
}

async function succeed(program: string, args: string[], signal?: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runProcess(program, args, { ...(signal && { signal }) });
  if (exitCode === 0) return;
  throw new LoragError({
    code: "LORAG_SETUP",
    kind: "unavailable",
    message: `${program} ${args.slice(0, 3).join(" ")} failed: ${stderr.trim().split("\n").slice(-3).join(" ")}`,
    next: "Look at what it says; the same command goes on with what is missing.",
  });
}
