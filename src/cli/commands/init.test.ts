import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lorag, makeProject } from "../../../test/lorag.case.ts";

test("--project names the folder as the argument does; two different ones are refused", async () => {
  const root = makeProject({});
  const [one, other] = [join(root, "one"), join(root, "other")];
  const both = await lorag(["init", one, "--project", other, "--json"]);
  expect(both.code).toBe(2);
  expect(JSON.parse(both.stdout).error).toMatchObject({
    code: "LORAG_USAGE",
    message: expect.stringMatching(`${one} and .*${other}`),
  });
  expect(existsSync(one) || existsSync(other)).toBe(false);

  expect(await lorag(["init", "-p", one])).toMatchObject({ code: 0, stdout: expect.stringContaining(one) });
  expect(existsSync(join(one, "lorag.yaml"))).toBe(true);
  expect(await lorag(["init", `${other}/`, "-p", other])).toMatchObject({ code: 0 });
  expect(existsSync(join(other, "lorag.yaml"))).toBe(true);
});
