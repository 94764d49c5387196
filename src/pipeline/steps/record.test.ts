import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openProject } from "../context.ts";
import { reuseOrRun } from "./record.ts";

test("a step runs again where its inputs, its folder or its record are not what they were", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-record-"));
  await writeFile(join(folder, "lorag.yaml"), "arms: [base]");
  const { project } = await openProject(folder);
  const file = join(project.output, "steps", "count.json");
  let runs = 0;
  const step = (inputs: string, isWhole = true) =>
    reuseOrRun(
      project,
      "count",
      inputs,
      async () => ({ runs: ++runs, mean: 0.1 + 0.2 }),
      async () => isWhole,
    );

  expect((await step("a")).reused).toBe(false);
  expect(await step("a")).toEqual({ output: { runs: 1, mean: 0.1 + 0.2 }, reused: true });
  expect((await step("b")).reused).toBe(false);
  expect((await step("b", false)).reused).toBe(false);
  const whole = await readFile(file, "utf8");
  const { output, ...rest } = JSON.parse(whole) as { output: object };
  for (const damaged of ["", "null", "{}", whole.slice(0, 20), JSON.stringify({ ...rest, output: null })]) {
    await writeFile(file, damaged);
    expect((await step("b")).reused).toBe(false);
  }
  await writeFile(file, JSON.stringify({ ...rest, output }));
  expect(await step("b")).toMatchObject({ output: { runs: 3 }, reused: true });
});
