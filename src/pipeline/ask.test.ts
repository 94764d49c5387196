import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { chosenArm } from "./ask.ts";

let output: string;
let file: string;
beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), "lorag-ask-"));
  file = join(output, "results.json");
});

test("the last comparison chooses, once there is one", async () => {
  expect(await chosenArm(output)).toBe(undefined);
  await writeFile(file, '{"verdict": {"choose": "tuned-rag"}}');
  expect(await chosenArm(output)).toBe("tuned-rag");
  await writeFile(file, '{"verdict": {"choose": null}}');
  expect(await chosenArm(output)).toBe(undefined);
});

test.each(["", '{"verdict": {"cho', "null", '{"verdict": 1}'])(
  "results that are damaged: %s",
  async (text) => {
    await writeFile(file, text);
    await expect(chosenArm(output)).rejects.toMatchObject({
      code: "LORAG_RESULTS_DAMAGED",
      message: expect.stringContaining(file),
      next: expect.stringContaining("lorag compare"),
    });
  },
);
