import { expect, test } from "vitest";
import { parseConfig } from "./parse-config.ts";

const messageOf = (text: string): string => {
  try {
    parseConfig(text, "lorag.yaml");
  } catch (error) {
    expect(error).toMatchObject({ code: "LORAG_CONFIG", exitCode: 78 });
    return (error as Error).message;
  }
  throw new Error("the config was accepted");
};

test("an empty file is a whole config", () => {
  expect(parseConfig("# nothing yet\n", "lorag.yaml")).toMatchObject({
    lora_r: 8,
    retrieval: { mode: "hybrid", top_k: 3 },
    arms: ["base", "rag", "tuned", "tuned-rag"],
  });
});

test.each([
  ["seed: 1\nlora_rank: 8\n", "lorag.yaml:2:1 unknown key `lora_rank`; did you mean `lora_r`?"],
  ["num_train_epochs: 3\n", "lorag.yaml:1:1 unknown key `num_train_epochs`; did you mean `num_epochs`?"],
  ["seed: 1\ntop_k: 3\n", "lorag.yaml:2:1 unknown key `top_k`; did you mean `retrieval.top_k`?"],
  ["retrieval:\n  topk: 3\n", "lorag.yaml:2:3 unknown key `retrieval.topk`; did you mean `retrieval.top_k`?"],
  ["zebra: 3\n", "lorag.yaml:1:1 unknown key `zebra`"],
  ["\nlora_r: many\n", 'lorag.yaml:2:9 `lora_r`: expected number (got "many")'],
  ["lora_r: 0\n", "lorag.yaml:1:9 `lora_r`: Too small: expected number to be >=1 (got 0)"],
  [
    "arms: [base, graph]\n",
    'lorag.yaml:1:14 `arms.1`: expected one of "base"|"rag"|"tuned"|"tuned-rag" (got "graph")',
  ],
  ["arms:\n  - rag\n  - rag\n", 'lorag.yaml:3:5 `arms.1`: listed a second time (got "rag")'],
  [
    "lora_target_modules: [q_proj, v_proj, q_proj]\n",
    "lorag.yaml:1:39 `lora_target_modules.2`: listed a second",
  ],
  ["seed: 1\ndatasets:\n  - type: chat\n", "`datasets.0.path`"],
  ['\ndocuments: "a\\0b"\n', 'lorag.yaml:2:12 `documents`: no path can hold a NUL byte (got "a\\u0000b")'],
  ["prices:\n  input_mtok: 1\n", "lorag.yaml:2:3 `prices`: input_mtok and output_mtok go together"],
  ["- a\n- b\n", "lorag.yaml:1:1 expected `key: value` lines"],
  ["seed: 1\nseed: 2\n", "lorag.yaml:2:1 Map keys must be unique"],
  ["a: [1\nb: 2\n", "lorag.yaml:2:1"],
])("%j", (text, message) => {
  expect(messageOf(text)).toContain(message);
});

test("every fault is told at once, in the order of the file", () => {
  expect(messageOf("lora_r: x\nlora_rank: 8\nseed: -1\n").split("\n")).toEqual([
    "lorag.yaml has 3 faults:",
    expect.stringContaining("lorag.yaml:1:9"),
    expect.stringContaining("lorag.yaml:2:1"),
    expect.stringContaining("lorag.yaml:3:7"),
  ]);
});
