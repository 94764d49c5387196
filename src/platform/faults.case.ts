import { spawn, spawnSync } from "node:child_process";

/** Does what permissions are to bind: they do not bind root, who steps down for it. */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid!(65534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}

/** Whether this system lets a test mount a disk that only its own processes see. */
export const canMount = spawnSync("unshare", ["-rm", "true"]).status === 0;

/** Runs a shell script, from the project's root, for which `folder` is an empty disk of `size`, as `mount` takes it. */
export function onSmallDisk(
  folder: string,
  size: string,
  script: string,
): Promise<{ stdout: string; stderr: string }> {
  const shell = spawn(
    "unshare",
    ["-rm", "sh", "-c", `mount -t tmpfs -o size=${size} none ${folder}\n${script}`],
    {
      cwd: new URL("../..", import.meta.url).pathname,
    },
  );
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    shell[name].setEncoding("utf8").on("data", (piece: string) => (text[name] += piece));
  }
  return new Promise((resolve, reject) => {
    shell.once("error", reject);
    shell.once("close", () => resolve(text));
  });
}
