import { promises as fs } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { writeSync } from "node:fs";
import { connect } from "@lancedb/lancedb";
import { indexEdition, type CrashJob } from "./crash-data.ts";

/**
 * Indexes the documents of an edition, and dies at the named point: before or after the n-th call of something that
 * changes the disk. Without a point it says every call that it makes.
 */
const job = JSON.parse(process.argv[2]!) as CrashJob;
const calls = new Map<string, number>();

async function passing<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
  const number = (calls.get(name) ?? 0) + 1;
  calls.set(name, number);
  const here = (when: string): void => {
    if (job.point === undefined) writeSync(1, `${when} ${name} ${number}\n`);
    else if (job.point !== `${when} ${name} ${number}`) return;
    else if (job.delayMs === 0) process.kill(process.pid, "SIGKILL");
    else setTimeout(() => process.kill(process.pid, "SIGKILL"), job.delayMs);
  };
  here("before");
  const result = await call();
  here("after");
  return result;
}

/** Every call of a method tells of itself. */
function watch(owner: object, names: string[], told = (name: string) => name): void {
  const methods = owner as Record<string, (...given: unknown[]) => Promise<unknown>>;
  for (const name of names) {
    const own = methods[name]!;
    methods[name] = function (this: unknown, ...given) {
      return passing(told(name), () => own.apply(this, given));
    };
  }
}

watch(fs, ["rename", "rm"]);
syncBuiltinESMExports();
// What LanceDB's methods belong to is not exported.
const database = await connect("memory://");
watch(Object.getPrototypeOf(database) as object, ["createTable", "createEmptyTable", "dropTable"]);
const probe = await database.createTable("probe", [{ a: 1 }]);
calls.clear();
watch(Object.getPrototypeOf(probe) as object, ["add", "delete", "optimize", "createIndex"]);

await indexEdition(job.folder, job.edition);
process.exit(0);
