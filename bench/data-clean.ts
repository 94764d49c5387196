import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CleanedData } from "../src/contracts/index.ts";
import { randomStream } from "../src/random/index.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

/** 2000 says what a file of 2 GB takes. */
const megabytes = Number(process.env["DATA_MB"] ?? 200);
/** Characters of an example, about. */
const length = Number(process.env["DATA_LENGTH"] ?? 2000);

/** `lorag data clean` on a large file of made-up words with planted copies and near copies: memory, and what is found. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "lorag-data-"));
  try {
    const path = join(folder, "large.jsonl");
    const planted = writeExamples(path);
    const began = performance.now();
    const { cleaned, rss } = await clean(folder, path);
    const minutes = (performance.now() - began) / 60_000;
    const row = (name: string, value: number, unit: string, peer: number | string = "-") => ({
      name,
      value: round(value),
      unit,
      ours: round(value),
      peer,
    });
    return {
      bench: "data-clean",
      machine: describeMachine(),
      rows: [
        row("rss-mb", rss, `MB at most for a file of ${Math.round(statSync(path).size / 1e6)} MB (1500)`),
        row(
          "dropped",
          cleaned.dropped / planted,
          "share of the planted copies that went (0.99 to 1)",
          planted,
        ),
        row("examples", cleaned.kept, "examples kept"),
        row("minutes", minutes, "minutes, stated"),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns how many examples repeat the one before, half of them with a word more. */
function writeExamples(path: string): number {
  const random = randomStream(5);
  const draw = (most: number): number => Math.floor(random() * most);
  const syllables = ["ba", "ko", "ri", "ten", "mo", "la", "ver", "si", "du", "ne", "pa", "tor", "gil", "sun"];
  const words = Array.from({ length: 30_000 }, () =>
    Array.from({ length: 2 + draw(3) }, () => syllables[draw(syllables.length)]!).join(""),
  );
  // A few words are frequent, most are rare.
  const word = (): string => words[Math.floor(words.length * random() ** 3)]!;
  const file = openSync(path, "w");
  const last = { prompt: "", completion: "" };
  let [written, planted] = [0, 0];
  while (written < megabytes * 1e6) {
    const kind = random();
    if (written > 0 && kind < 0.02) {
      planted++;
      if (kind < 0.01) last.prompt += ` ${word()}`;
    } else {
      last.prompt = Array.from({ length: Math.ceil((length / 12) * (0.5 + random())) }, word).join(" ");
      last.completion = Array.from({ length: Math.ceil(length / 40) }, word).join(" ");
    }
    written += writeSync(file, `${JSON.stringify(last)}\n`);
  }
  closeSync(file);
  return planted;
}

/** Cleans it in a process of its own, whose most memory is its peak. */
async function clean(folder: string, path: string): Promise<{ cleaned: CleanedData; rss: number }> {
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  const args = ["data", "clean", path, "--out", join(folder, "out.jsonl"), "--json"];
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
  let rss = 0;
  const timer = setInterval(() => (rss = Math.max(rss, peakOf(child.pid!))), 500);
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`data clean ended with ${code}`))));
  });
  clearInterval(timer);
  return { cleaned: JSON.parse(output) as CleanedData, rss };
}

/** MB; 0 where it has ended (Linux). */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}
