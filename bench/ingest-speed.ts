import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveModel } from "../src/models/index.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";

const documents = fileURLToPath(new URL("../../shared/data/aws_docs_qa/documents", import.meta.url));
const python = join(process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers"), "bin/python");
const pages = Number(process.env["INGEST_PAGES"] ?? 2757);
const rounds = Number(process.env["INGEST_ROUNDS"] ?? 2);
const threads = 2;

/** Pages a second from Markdown files to a searchable index, `lorag index` against sentence-transformers and LanceDB. */
export async function run(): Promise<BenchResult> {
  const { folder: model } = await resolveModel("sentence-transformers/all-MiniLM-L6-v2");
  const files = readdirSync(documents, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .sort()
    .slice(0, pages);
  let megabytes = 0;
  const best = await interleave(
    rounds,
    {
      ours: async () => {
        const project = mkdtempSync(join(tmpdir(), "lorag-ingest-"));
        for (const name of files) {
          mkdirSync(dirname(join(project, "documents", name)), { recursive: true });
          cpSync(join(documents, name), join(project, "documents", name));
        }
        writeFileSync(join(project, "lorag.yaml"), "arms: [rag]\ndatasets: []\n");
        const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
        const began = performance.now();
        const child = spawn(process.execPath, ["--import", "tsx", main, "index", "-q", "-p", project], {
          stdio: ["ignore", "ignore", "inherit"],
        });
        megabytes = Math.max(megabytes, await watchMemory(child));
        const seconds = (performance.now() - began) / 1000;
        rmSync(project, { recursive: true, force: true });
        return files.length / seconds;
      },
      python: async () => {
        const index = mkdtempSync(join(tmpdir(), "lorag-ingest-"));
        const { seconds } = await runPython({ model, documents, files, index, threads });
        rmSync(index, { recursive: true, force: true });
        return files.length / seconds;
      },
    },
    "higher",
  );
  return {
    bench: "ingest-speed",
    machine: describeMachine(),
    rows: [
      {
        name: "docs",
        value: round(best.ours / best.python),
        unit: "ratio of pages a second (2.0)",
        ours: round(best.ours),
        peer: round(best.python),
      },
      {
        name: "rss-mb",
        value: round(megabytes),
        unit: "MB of all its processes together, lower is better (1500 at most)",
        ours: round(megabytes),
        peer: "-",
      },
    ],
  };
}

/** The most memory that a process and those it started had at once, MB (Linux). */
function watchMemory(child: ChildProcess): Promise<number> {
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, treeMemory(child.pid!))), 200);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      clearInterval(timer);
      if (code === 0) resolve(most);
      else reject(new Error(`lorag index ended with ${code}`));
    });
  });
}

function treeMemory(root: number): number {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8");
        const field = (key: string): number =>
          Number(new RegExp(`^${key}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
        return [{ id: Number(name), parent: field("PPid"), kilobytes: field("VmRSS") }];
      } catch {
        return []; // it has ended
      }
    });
  const sum = (id: number): number =>
    (processes.find((each) => each.id === id)?.kilobytes ?? 0) +
    processes.filter((each) => each.parent === id).reduce((total, each) => total + sum(each.id), 0);
  return sum(root) / 1024;
}

function runPython(job: unknown): Promise<{ seconds: number; chunks: number }> {
  const script = fileURLToPath(new URL("peers/ingest_st.py", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (piece) => (output += String(piece)));
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0
        ? resolve(JSON.parse(output.trim().split("\n").at(-1)!) as { seconds: number; chunks: number })
        : reject(new Error(`${script} ended with ${code}`)),
    );
    child.stdin.end(JSON.stringify(job));
  });
}
