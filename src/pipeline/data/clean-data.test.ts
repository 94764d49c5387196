import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exampleLine, makeProject } from "../../../test/lorag.case.ts";
import { renderDataText } from "../../report/index.ts";
import { openProject } from "../context.ts";
import { checkData } from "./check-data.ts";
import { cleanData } from "./clean-data.ts";

const lines =
  exampleLine("How much is parking?", "£4") +
  exampleLine("how much is parking", "£4.") +
  '{"prompt": "Who?"}\n' +
  exampleLine(
    "Whom may I write to?",
    "Write to ann@bar.example about it, and she will answer within two days.",
  ) +
  '{"prompt": "Which way?", "completion": "Up the stairs.", "metadata": {"documnets": ["a.md"]}}\n';

test("a file is checked and cleaned in a folder without lorag.yaml; nothing is written over", async () => {
  const folder = makeProject({ "raw.jsonl": lines });
  const [raw, out] = [join(folder, "raw.jsonl"), join(folder, "out.jsonl")];
  const context = await openProject(folder, { orDefault: true });
  const { report, files } = await checkData(context, { files: [raw], heldOut: [] });
  const text = renderDataText(report);
  expect(text).toMatch(/raw\.jsonl \(train\): 4 examples, 1 row refused\n {2}line 3: no answer/);
  expect(text).toContain('"metadata.documnets" (did you mean "metadata.documents"?) in line 5');
  expect(text).toContain("[copies]: 1.");
  expect(text).toContain("e-mail ann@bar.example");
  expect(JSON.parse(readFileSync(files.json, "utf8")).findings.copies).toEqual([
    { ids: ["raw:2", "raw:1"], detail: "how much is parking" },
  ]);
  expect(readFileSync(files.html, "utf8")).toContain("ann@bar.example");

  const request = { files: [raw], heldOut: [], out, mask: true, html: false };
  expect(await cleanData(context, request)).toMatchObject({ kept: 3, changed: 1, dropped: 1, refused: 1 });
  expect(readFileSync(out, "utf8")).toContain("Write to [E-MAIL] about it");
  const log = readFileSync(join(folder, "out.changes.jsonl"), "utf8").trim().split("\n");
  expect(log.map((line) => JSON.parse(line).action)).toEqual(["drop", "drop", "change"]);
  expect(readFileSync(raw, "utf8")).toBe(lines);

  await expect(cleanData(context, request)).rejects.toMatchObject({ code: "LORAG_FILE_EXISTS" });
  const misspelt = cleanData(context, { ...request, out: `${out}2`, drop: ["copys"] });
  await expect(misspelt).rejects.toThrow(/the nearest is copies/);
  expect(existsSync(`${out}2.changes.jsonl`)).toBe(false);
});
