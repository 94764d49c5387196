import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createLocalModel } from "../src/inference/index.ts";
import { resolveModel } from "../src/models/index.ts";
import { trainAdapter } from "../src/training/index.ts";
import { readBanking77, toExample } from "./banking77-data.ts";
import { loraSettings } from "./lora-settings.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const modelName = "HuggingFaceTB/SmolLM2-135M-Instruct";
/** The most that a caller's event loop should be held up, 99 times in 100. */
const aim = 20;

/** How late the caller's event loop runs while both cores train or generate. */
export async function run(): Promise<BenchResult> {
  const examples = (await readBanking77()).map(toExample);
  const model = await resolveModel(modelName);
  const folder = await mkdtemp(join(tmpdir(), "lorag-responsive-"));
  try {
    const training = await delayDuring(async () => {
      await trainAdapter({
        model,
        train: examples.slice(0, 400),
        validation: [],
        settings: loraSettings,
        folder: join(folder, "adapter"),
        checkpoints: join(folder, "checkpoints"),
      });
    });
    const generator = await createLocalModel({ model });
    const generating = await delayDuring(async () => {
      const questions = examples.slice(0, 64);
      await Promise.all(
        questions.map(({ prompt }) =>
          generator.generate({ messages: prompt, sampling: { maxTokens: 48 }, onText: () => {} }),
        ),
      );
    });
    await generator.close();
    const row = (name: string, value: number) => ({
      name,
      value: round(value),
      unit: "ms, 99th percentile of the event loop's delay, lower is better",
      ours: round(value),
      peer: aim,
    });
    return {
      bench: "responsive",
      machine: describeMachine(),
      rows: [row("train-p99-ms", training), row("generate-p99-ms", generating)],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds beyond the timer's own period. */
async function delayDuring(work: () => Promise<void>): Promise<number> {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  await work();
  delay.disable();
  return delay.percentile(99) / 1e6 - resolution;
}
