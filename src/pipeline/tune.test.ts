import { appendFile, mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { colourExamples, writeTinyLlama } from "../training/tiny-llama.case.ts";
import { openProject, type Context } from "./context.ts";
import { tune } from "./tune.ts";

let folder: string;
let context: Context;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-tune-"));
  process.env["LORAG_HOME"] = join(folder, "cache");
  await writeTinyLlama(join(folder, "model"));
  const config = [
    "base_model: ./model",
    "arms: [base, tuned]",
    "system_prompt: Be brief.",
    "abstain_answer: No.",
    "arithmetic: f32",
    "sequence_len: 128",
    "documents: none",
  ];
  await writeFile(join(folder, "lorag.yaml"), config.join("\n"));
  const examples = colourExamples(40, 1).map(({ prompt, completion }, i) => ({
    prompt: `${prompt.at(-1)!.content.replace("?", "")} ${String.fromCharCode(97 + (i % 26))}${i}?`,
    completion,
  }));
  await writeFile(join(folder, "examples.jsonl"), examples.map((line) => JSON.stringify(line)).join("\n"));
  context = await openProject(folder);
});

test("a search that was killed in the middle of a line goes on, and comes to what it would have come to", async () => {
  const first = await tune(context, "tuned", { trials: 2, seconds: 1e-9 });
  expect(first.report).toMatchObject({ ended: "budget", best: 0 });
  expect(first.report.trials).toHaveLength(1);
  const [search] = await readdir(join(folder, ".lorag", "tune"));
  await appendFile(join(folder, ".lorag", "tune", search!, "trials.jsonl"), '{"trial":1,"rung":0,"lo');
  const { report, yaml, files } = await tune(context, "tuned", { trials: 2 });
  expect(report.ended).toBe("finished");
  expect(report.trials.map(({ id }) => id)).toEqual([0, 1]);
  expect(report.trials[0]!.losses[0]).toBe(first.report.trials[0]!.losses[0]);
  const best = report.trials.find(({ id }) => id === report.best)!;
  expect(best.losses).toHaveLength(3);
  expect(Math.min(...report.trials.map(({ losses }) => losses[0]!))).toBe(best.losses[0]);
  expect(yaml).toContain(`learning_rate: ${best.settings["learning_rate"]}`);
  expect(await readFile(files.html, "utf8")).toContain(`Best: trial ${best.id}`);
  // What it printed can be pasted.
  const config = await readFile(join(folder, "lorag.yaml"), "utf8");
  await writeFile(
    join(folder, "lorag.yaml"),
    config.replace("arms: [base, tuned]", `arms:\n  - base\n  - tuned\n${yaml}`),
  );
  const { project } = await openProject(folder);
  expect(project.arms[2]).toMatchObject({ name: "tuned-best", tuning: best.settings });
});
