import { spawnSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openModel, resolveModel } from "../../src/models/index.ts";
import { trainAdapter } from "../../src/training/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "../../src/training/tiny-llama.case.ts";

const python = join(process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers"), "bin/python");

test("loss, share of pairs preferred and margin of the validation pairs are TRL's", async () => {
  const project = await mkdtemp(join(tmpdir(), "lorag-dpo-"));
  process.env["LORAG_HOME"] = join(project, "cache");
  const folder = join(project, "model");
  await writeTinyLlama(folder);
  const pairs = (count: number, seed: number) =>
    colourExamples(count, seed).map((example) => ({ ...example, rejected: "none at all" }));
  const validation = pairs(8, 5).map((pair, place) =>
    // One that is the wrong way round.
    place === 0 ? { ...pair, completion: pair.rejected, rejected: pair.completion } : pair,
  );
  const settings = { ...tinySettings, rl: "dpo" as const, rl_beta: 0.3, learning_rate: 0.003 };
  const { losses, bestStep } = await trainAdapter({
    model: await resolveModel(folder),
    train: pairs(24, 1),
    validation,
    settings: { ...settings, num_epochs: 1 },
    folder: join(project, "adapter"),
    checkpoints: join(project, "checkpoints"),
  });
  const model = await openModel(await resolveModel(folder));
  model.weights.close();
  const job = {
    model: folder,
    adapter: join(project, "adapter"),
    beta: settings.rl_beta,
    scratch: join(project, "scratch"),
    pairs: validation.map(({ prompt, completion, rejected }) => ({
      prompt: model.chatTemplate!.render(prompt, { prompt: true }),
      chosen: completion,
      rejected,
    })),
  };
  const run = spawnSync(python, ["test/golden/dpo_trainer.py"], {
    input: JSON.stringify(job),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(run.stderr || String(run.error));
  const theirs = JSON.parse(run.stdout.trim().split("\n").at(-1)!) as Record<string, number>;
  const ours = losses.findLast(({ step }) => step === bestStep)!;
  expect(losses[0]).toMatchObject({ accuracy: 0, margin: 0 });
  expect(Math.abs(ours.margin!)).toBeGreaterThan(0.1);
  expect(ours.validation).toBeCloseTo(theirs["eval_loss"]!, 3);
  expect(ours.accuracy).toBeCloseTo(theirs["eval_rewards/accuracies"]!, 6);
  expect(ours.margin).toBeCloseTo(theirs["eval_rewards/margins"]!, 3);
});
