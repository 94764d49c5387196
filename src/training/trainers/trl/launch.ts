import { join } from "node:path";
import type { TrainingBackend } from "../../../contracts/index.ts";

/** Where and on how many processes a job runs. */
export type Launch = Pick<TrainingBackend, "processes" | "hosts" | "accelerate"> & { python: string };

/** Of the first machine, where several meet. */
const port = 29400;
/** Of a job in a queue, where one of its processes ends. */
const launches = 4;

/** What accelerate is told of machines: which this one is, and where the first is. Nothing of one machine. */
interface Machines {
  count: number;
  /** Words of a shell where a script asks its own machine. */
  rank: string;
  first: string;
}

/** The words that run the job in `folder` on one machine. */
export function launchCommand(
  { python, processes, accelerate }: Launch,
  folder: string,
  machines: Machines = { count: 1, rank: "0", first: "127.0.0.1" },
): string[] {
  const { count, rank, first } = machines;
  const all = processes * count;
  const plain = ["--mixed_precision", "no", "--dynamo_backend", "no", ...(all > 1 ? ["--multi_gpu"] : [])];
  const configured = accelerate === undefined ? plain : ["--config_file", accelerate];
  const size = ["--num_processes", `${all}`, "--num_machines", `${count}`];
  const meeting =
    count > 1
      ? ["--machine_rank", rank, "--main_process_ip", first, "--main_process_port", `${port}`]
      : ["--main_process_port", "0"];
  const job = [join(folder, "train.py"), folder];
  return [python, "-m", "accelerate.commands.launch", ...configured, ...size, ...meeting, ...job];
}

/** A program for each machine: this one, or those that ssh knows, the first of which the others meet at. */
export function launchCommands(launch: Launch, folder: string): { host: string; words: string[] }[] {
  const { hosts } = launch;
  if (hosts.length === 0) return [{ host: "this machine", words: launchCommand(launch, folder) }];
  const first = hosts[0]!.replace(/^.*@/, "");
  return hosts.map((host, rank) => {
    const words = launchCommand(launch, folder, { count: hosts.length, rank: `${rank}`, first });
    // With a terminal, so that what runs there ends when this end does.
    const ssh = ["ssh", "-tt", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", host];
    return { host, words: [...ssh, shellLine(words)] };
  });
}

/** A script for `sbatch`: a task a machine, which starts its processes. Put in the queue again, it goes on where it was. */
export function slurmScript(launch: Launch, folder: string, nodes: number): string {
  const words = launchCommand(launch, folder, {
    count: nodes,
    rank: "$SLURM_PROCID",
    first: "$MAIN",
  });
  return `#!/bin/bash
#SBATCH --job-name=lorag
#SBATCH --nodes=${nodes}
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=${launch.processes}
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --signal=TERM@60
#SBATCH --output=${folder}/slurm-%j.log
set -euo pipefail
export MAIN=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
for launch in $(seq ${launches}); do
  srun --kill-on-bad-exit=1 bash -c ${quoted(`exec ${shellLine(words, ["$SLURM_PROCID", "$MAIN"])}`)} && exit 0
done
exit 1
`;
}

/** A Job for `kubectl apply -f`; image and claim, which holds the folder, are the cluster's own. */
export function kubernetesJob(launch: Launch, folder: string, name: string): string {
  const container = {
    name: "train",
    image: "lorag-trl:latest",
    command: launchCommand({ ...launch, python: "python3" }, folder),
    resources: { limits: { "nvidia.com/gpu": launch.processes } },
    volumeMounts: [
      { name: "lorag", mountPath: folder },
      { name: "shm", mountPath: "/dev/shm" },
    ],
  };
  const volumes = [
    { name: "lorag", persistentVolumeClaim: { claimName: "lorag" } },
    { name: "shm", emptyDir: { medium: "Memory" } },
  ];
  const pod = {
    restartPolicy: "OnFailure",
    terminationGracePeriodSeconds: 60,
    containers: [container],
    volumes,
  };
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: { backoffLimit: 10, template: { spec: pod } },
  };
  return `${JSON.stringify(job, null, 2)}\n`;
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Words as a shell reads them; those in `open` it fills in. */
const shellLine = (words: readonly string[], open: readonly string[] = []): string =>
  words.map((word) => (open.includes(word) ? `"${word}"` : quoted(word))).join(" ");
