import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashVector } from "../src/retrieval/hash-embedder.case.ts";
import { documentsOf, indexEdition, openCrashed, type CrashJob } from "./crash-data.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const points = 15;
const repetitions = Number(process.env["LORAG_BENCH_REPETITIONS"] ?? 20);
/** Passages of the large index. */
const large = 25_000;
const secret = "zzyzxkanarek";

/**
 * What a `kill -9` leaves of an index that is brought from one edition of its documents to the next: at each of 15 points
 * (before and after what changes the disk), at once and up to 20 ms after it. The index that is found must be one
 * whole state of it, and the next run must end with the same passages and scores as one that nothing interrupted.
 * Then whether text that was removed from a large index is left in any byte of its folder after one run.
 */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "lorag-bench-crash-"));
  try {
    const first = join(folder, "first");
    await indexEdition(first, "first");
    const whole = join(folder, "whole");
    cpSync(first, whole, { recursive: true });
    const { said } = await runChild({ folder: whole, edition: "second", delayMs: 0 });
    const expected = await read(whole);
    const named = ofEachKind(said.trim().split("\n"), points);

    let [kills, good, same] = [0, 0, 0];
    for (const point of named) {
      for (let turn = 0; turn < repetitions; turn++) {
        const copy = join(folder, "copy");
        rmSync(copy, { recursive: true, force: true });
        cpSync(first, copy, { recursive: true });
        const { isKilled } = await runChild({ folder: copy, edition: "second", point, delayMs: turn });
        // It may have ended by itself within the delay.
        if (!isKilled) continue;
        kills++;
        if (await isWhole(copy)) good++;
        await indexEdition(copy, "second");
        if ((await read(copy)) === expected) same++;
        else console.error(`not the same after ${point}, ${turn} ms later`);
      }
    }
    const left = await deletedTextLeft(join(folder, "large"));
    return {
      bench: "crash",
      machine: describeMachine(),
      rows: [
        {
          name: "whole",
          value: round(good / kills),
          unit: "share of kills that leave a whole generation",
          ours: `${kills} kills at ${named.length} points: ${named.join(", ")}`,
          peer: "none",
        },
        {
          name: "same-index",
          value: round(same / kills),
          unit: "share after which the next run ends as if never killed",
          ours: `${same} of ${kills}`,
          peer: "none",
        },
        {
          name: "deleted-left",
          value: left.length,
          unit: "files that hold deleted text, lower is better",
          ours: left.join(", ") || `none, of ${large} passages`,
          peer: "none",
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runChild(job: CrashJob): Promise<{ said: string; isKilled: boolean }> {
  const script = new URL("./crash-child.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--import", "tsx", script, JSON.stringify(job)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve({ said, isKilled: signal === "SIGKILL" });
      else reject(new Error(`the child ended with ${code ?? signal}`));
    });
  });
}

/** Of `before rename 1`, `after rename 1`, ... `count`, of each kind of call as many as there are, the first ones first. */
function ofEachKind(all: string[], count: number): string[] {
  const kinds = new Map<string, string[]>();
  for (const point of all) {
    const kind = point.replace(/ \d+$/, "");
    kinds.set(kind, [...(kinds.get(kind) ?? []), point]);
  }
  const chosen: string[] = [];
  for (let turn = 0; chosen.length < Math.min(count, all.length); turn++) {
    chosen.push(...[...kinds.values()].flatMap((points) => points[turn] ?? []));
  }
  return chosen.slice(0, count);
}

/** Everything that an index answers. */
async function read(folder: string): Promise<string> {
  const store = await openCrashed(folder);
  const documents = [...(await store.documents())].sort();
  const found = [];
  for (const text of ["tide", "newer quay", "older", "number33", "number5"]) {
    for (const by of [{ text }, { vector: hashVector(text) }]) {
      const hits = await store.search({ by, limit: 1000 });
      found.push(hits.map(({ chunk, score }) => [chunk.id, chunk.text, score.toFixed(5)]));
    }
  }
  await store.close();
  return JSON.stringify({ documents, found });
}

/** Every document is of one of the two editions, and the passages are those of the documents. */
async function isWhole(folder: string): Promise<boolean> {
  const store = await openCrashed(folder);
  const known = await store.documents();
  const passages = await store.search({ by: { vector: hashVector("tide") }, limit: 10_000 });
  await store.close();
  const editions = (["first", "second"] as const).flatMap(documentsOf);
  const textOf = new Map(editions.map(({ id, hash, text }) => [`${id} ${hash}`, text]));
  return (
    passages.length === known.size &&
    passages.every(
      ({ chunk }) => textOf.get(`${chunk.documentId} ${known.get(chunk.documentId)}`) === chunk.text,
    )
  );
}

async function deletedTextLeft(folder: string): Promise<string[]> {
  const store = await openCrashed(folder);
  const chunk = (documentId: string, text: string) => ({
    documentId,
    hash: "1",
    chunks: [{ id: documentId, documentId, title: "", headings: [], text, start: 0, end: text.length }],
    vectors: [hashVector(text)],
  });
  const upsert = Array.from({ length: large }, (_, index) => chunk(`d${index}`, `ferry number${index}`));
  await store.apply({ upsert: [...upsert, chunk(`${secret}.md`, `the ${secret} sings`)], remove: [] });
  if (holding(folder).length === 0) throw new Error("the index does not hold what is to be deleted");
  await store.apply({ upsert: [], remove: [`${secret}.md`] });
  await store.close();
  return holding(folder);
}

const holding = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(secret));
