import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { dirname, resolve } from "node:path";
import { exists } from "./files.ts";

export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  freeMemoryGb: number;
  /** `linux x64` */
  platform: string;
  /** Version of Node.js, without the v. */
  node: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: gigabytes(totalmem()),
    freeMemoryGb: gigabytes(freemem()),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

/** Free bytes for this user on the disk that holds `path`, or would hold it. */
export async function freeBytes(path: string): Promise<number> {
  let at = resolve(path);
  while (!(await exists(at)) && dirname(at) !== at) at = dirname(at);
  const disk = await statfs(at);
  return disk.bavail * disk.bsize;
}

const gigabytes = (bytes: number): number => Math.round((bytes / 2 ** 30) * 10) / 10;
