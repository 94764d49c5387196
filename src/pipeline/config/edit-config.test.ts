import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configKeys, examineConfig, readConfigText, saveConfig, setConfigKey } from "./edit-config.ts";

const text = "# Mine\nseed: 3 # lucky\nretrieval:\n  top_k: 2\n";

test("a key is changed, added and taken out; comments and the rest stay", () => {
  expect(setConfigKey(text, "seed", 4)).toBe("# Mine\nseed: 4 # lucky\nretrieval:\n  top_k: 2\n");
  expect(setConfigKey(text, "retrieval.chunk_tokens", 96)).toBe(`${text}  chunk_tokens: 96\n`);
  expect(setConfigKey(text, "prices.cpu_hour", 1)).toContain("prices:\n  cpu_hour: 1\n");
  expect(setConfigKey(text, "retrieval.top_k", undefined)).not.toContain("top_k");
});

test("an entry of a list and a section by a name with a dot are changed in place", () => {
  const arms =
    "arms:\n  - base # the plain one\n  - { name: x, preset: rag }\nmodels:\n  a.b: ./here # ours\n";
  const named = setConfigKey(arms, ["arms", 0], { name: "base", preset: "base", examples: 2 });
  expect(named).toContain("name: base");
  expect(named).toContain("# the plain one");
  expect(setConfigKey(arms, ["arms", 1, "retrieval", "top_k"], 5)).toContain(
    "{ name: x, preset: rag, retrieval: { top_k: 5 } }",
  );
  expect(setConfigKey(arms, ["arms", 2], "quote")).toContain("- quote\n");
  expect(setConfigKey(arms, ["arms", 0], undefined)).not.toContain("base");
  expect(setConfigKey(arms, ["models", "a.b"], "./there")).toContain("a.b: ./there # ours");
  expect(setConfigKey("", ["models", "c.d"], { endpoint: "http://x/v1" })).toBe(
    "models:\n  c.d:\n    endpoint: http://x/v1\n",
  );
});

test("what a text says is told by key, and its faults by place", () => {
  expect(examineConfig(text)).toEqual({ faults: [], values: { seed: 3, "retrieval.top_k": 2 } });
  const { faults } = examineConfig(`${text}lora_rank: 3\n`);
  expect(faults).toMatchObject([{ line: 5, column: 1 }]);
});

test("every key of the schema is a field with its help", () => {
  const keys = configKeys();
  expect(keys.find(({ key }) => key === "arithmetic")).toMatchObject({
    kind: "choice",
    choices: ["int8", "f32"],
  });
  expect(keys.find(({ key }) => key === "retrieval.top_k")).toMatchObject({ kind: "integer" });
  const ofArms = keys.find(({ key }) => key === "arms")!;
  expect(ofArms).toMatchObject({ kind: "list", default: ["base", "rag", "tuned", "tuned-rag"] });
  expect(ofArms.fields!.map(({ key }) => key)).toEqual(expect.arrayContaining(["preset", "retrieval.top_k"]));
  const ofModels = keys.find(({ key }) => key === "models")!;
  expect(ofModels.kind).toBe("named");
  expect(ofModels.fields!.filter(({ help }) => help === "")).toEqual([]);
  expect(keys.filter(({ help }) => help === "")).toEqual([]);
});

test("the later of two saves is refused, and so is a faulty one; the file stays as it is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-config-"));
  const file = join(folder, "lorag.yaml");
  writeFileSync(file, text);
  const opened = await readConfigText(folder);
  const first = await saveConfig(folder, "seed: 5\n", opened.sha256);
  await expect(saveConfig(folder, "seed: 6\n", opened.sha256)).rejects.toMatchObject({
    code: "LORAG_CHANGED",
  });
  await expect(saveConfig(folder, "sead: 6\n", first.sha256)).rejects.toMatchObject({ code: "LORAG_CONFIG" });
  expect(readFileSync(file, "utf8")).toBe("seed: 5\n");
});
