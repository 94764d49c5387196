import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { kubernetesJob, launchCommand, launchCommands, slurmScript } from "./launch.ts";

const launch = { python: "/opt/my trl/bin/python", processes: 4, hosts: [] };
const folder = "/data/it's here/trl-1";

test("one machine: its processes, the script and the folder", () => {
  const [only, ...others] = launchCommands(launch, folder);
  expect(others).toEqual([]);
  expect(only!.words).toEqual(launchCommand(launch, folder));
  expect(only!.words.join(" ")).toContain("--num_processes 4 --num_machines 1");
  expect(only!.words.slice(-2)).toEqual([`${folder}/train.py`, folder]);
});

test("accelerate's own configuration decides on precision and kind", () => {
  const words = launchCommand({ ...launch, accelerate: "fsdp.yaml" }, folder);
  expect(words).toEqual(expect.arrayContaining(["--config_file", "fsdp.yaml", "--num_processes"]));
  expect(words).not.toContain("--mixed_precision");
  expect(words).not.toContain("--multi_gpu");
});

/** The words that a shell makes of a line. */
function wordsOf(line: string, env: Record<string, string> = {}): string[] {
  const run = spawnSync("bash", ["-c", `words() { printf '%s\\n' "$@"; }; words ${line}`], {
    env,
    encoding: "utf8",
  });
  return run.stdout.trimEnd().split("\n");
}

test("over ssh every machine has its rank and meets the others at the first; words survive the shell there", () => {
  const [first, second] = launchCommands({ ...launch, hosts: ["me@one", "two"] }, folder);
  expect(first).toMatchObject({ host: "me@one" });
  expect(second!.words.slice(0, 3)).toEqual(["ssh", "-tt", "-o"]);
  const words = wordsOf(second!.words.at(-1)!);
  expect(words).toEqual(launchCommand(launch, folder, { count: 2, rank: "1", first: "one" }));
  expect(words.join(" ")).toContain("--num_processes 8 --num_machines 2");
});

test("Slurm: a task a machine, whose rank and first machine are those of the task", () => {
  const script = slurmScript(launch, folder, 2);
  expect(script).toMatch(/^#SBATCH --nodes=2$/m);
  expect(script).toMatch(/^#SBATCH --gpus-per-node=4$/m);
  const line = /bash -c (.*) && exit 0$/m.exec(script)![1]!;
  const [inner] = wordsOf(line);
  const words = wordsOf(inner!.replace(/^exec /, ""), { SLURM_PROCID: "1", MAIN: "node7" });
  expect(words).toEqual(launchCommand(launch, folder, { count: 2, rank: "1", first: "node7" }));
});

test("Kubernetes: a Job whose pod has the folder, the GPUs and time for a checkpoint", () => {
  const job = JSON.parse(kubernetesJob(launch, folder, "lorag-1")) as {
    spec: { template: { spec: { containers: { command: string[]; volumeMounts: object[] }[] } } };
  };
  expect(job).toMatchObject({
    kind: "Job",
    spec: { template: { spec: { restartPolicy: "OnFailure", terminationGracePeriodSeconds: 60 } } },
  });
  const [container] = job.spec.template.spec.containers;
  expect(container).toMatchObject({ resources: { limits: { "nvidia.com/gpu": 4 } } });
  expect(container!.command[0]).toBe("python3");
  expect(container!.volumeMounts).toContainEqual({ name: "lorag", mountPath: folder });
});
