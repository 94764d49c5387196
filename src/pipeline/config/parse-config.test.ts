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

// A `$` stands at the message's end.
test.each([
  ["seed: 1\nlora_rank: 8\n", "lorag.yaml:2:1 unknown key `lora_rank`; did you mean `lora_r`?"],
  ["num_train_epochs: 3\n", "lorag.yaml:1:1 unknown key `num_train_epochs`; did you mean `num_epochs`?"],
  ["seed: 1\ntop_k: 3\n", "lorag.yaml:2:1 unknown key `top_k`; did you mean `retrieval.top_k`?"],
  ["retrieval:\n  topk: 3\n", "lorag.yaml:2:3 unknown key `retrieval.topk`; did you mean `retrieval.top_k`?"],
  ["zebra: 3\n", "lorag.yaml:1:1 unknown key `zebra`$"],
  ["retrieval: { type: hybrid }\n", "unknown key `retrieval.type`$"],
  ["prices: { currencies: EUR }\n", "unknown key `prices.currencies`; did you mean `prices.currency`?$"],
  ["path: a.jsonl\n", "unknown key `path`; did you mean `datasets.path`?$"],
  [
    "datasets: [{ path: a.jsonl, paths: b }]\n",
    "unknown key `datasets.paths` (entry 1); did you mean `datasets.path`?$",
  ],
  [
    "test_datasets: [{ path: a }, { path: b, paths: b }]\n",
    "unknown key `test_datasets.paths` (entry 2); did you mean `test_datasets.path`?$",
  ],
  [
    "datasets:\n  - path: ex.jsonl\n    type: chatml\n",
    "lorag.yaml:3:11 `datasets.type` (entry 1) must be one of preference, chat_template,",
  ],
  ["\nlora_r: many\n", "lorag.yaml:2:9 `lora_r` must be a number; is many"],
  ["lora_r: 1.5\n", "lorag.yaml:1:9 `lora_r` must be a whole number; is 1.5"],
  ["lora_r:\n", "lorag.yaml:1:8 `lora_r` must be a number; is empty"],
  ["lora_r: 0\n", "lorag.yaml:1:9 `lora_r` must be at least 1; is 0"],
  ["lora_alpha: 0\n", "`lora_alpha` must be more than 0; is 0"],
  ["lora_alpha: -.inf\n", "`lora_alpha` must be a finite number; is -.inf"],
  ["weight_decay: .NaN # none\n", "`weight_decay` must be a finite number; is .NaN"],
  ["retrieval: { top_k: 0x20 }\n", "`retrieval.top_k` must be at most 20; is 0x20"],
  ["seed: 1e300\n", "lorag.yaml:1:7 `seed` must be at most 2147483647; is 1e300"],
  ["base_model: ''\n", "lorag.yaml:1:13 `base_model` must not be empty"],
  ["arms: []\n", "lorag.yaml:1:7 `arms` must not be empty"],
  ["arms: base\n", "`arms` must be a list; is base"],
  ["retrieval: [top_k]\n", "`retrieval` must be a section of `key: value` lines; is a list"],
  ["lora_target_linear: 'yes'\n", "`lora_target_linear` must be true or false; is 'yes'"],
  ["prices: { currency: doubloons }\n", "`prices.currency` must have at most 8 characters; is doubloons"],
  ["system_prompt: 5\n", "`system_prompt` must be text; is 5"],
  ["arithmetic: f16\n", "`arithmetic` must be one of int8, f32; is f16"],
  ["adapter: lora\n", "unknown key `adapter`"],
  ["arms: [{ preset: rag }]\n", "`arms.name` (entry 1) is missing"],
  ["arms: [{ name: A b, preset: rag }]\n", "`arms.name` (entry 1): must be lower-case letters"],
  [
    "arms:\n  - name: mine\n    preset: graph\n",
    "lorag.yaml:3:13 `arms.preset` (entry 1) must be one of base",
  ],
  ["arms: [{ name: mine, retrieval: { topk: 3 } }]\n", "did you mean `arms.retrieval.top_k`?"],
  ["arms: [{ name: mine, tuning: { lora_r: 0 } }]\n", "`arms.tuning.lora_r` (entry 1) must be at least 1"],
  ["arms: [rag, { name: rag }]\n", "`arms.name` (entry 2): `rag` is listed a second time"],
  [
    "arms: [base, 3]\n",
    "`arms` (entry 2) must be one of base, rag, graph-rag, tuned, tuned-rag, few-shot, few-shot-rag, quote, head; is 3",
  ],
  [
    "arms: [base, graph]\n",
    "lorag.yaml:1:14 `arms` (entry 2) must be one of base, rag, graph-rag, tuned, tuned-rag, few-shot, few-shot-rag, quote, head; is graph",
  ],
  ["seed: 1\ndatasets:\n  - {}\n", "lorag.yaml:3:5 `datasets.path` (entry 1) is missing"],
  [
    "grading: { mode: number, tolerence: 2 }\n",
    "unknown key `grading.tolerence`; did you mean `grading.tolerance`?",
  ],
  ["arms:\n  - rag\n  - rag\n", "lorag.yaml:3:5 `arms` (entry 2): `rag` is listed a second time"],
  [
    "lora_target_modules: [q_proj, v_proj, q_proj]\n",
    "lorag.yaml:1:39 `lora_target_modules` (entry 3): `q_proj` is listed a second time",
  ],
  ["seed: 1\ndatasets:\n  - type: chat\n", "`datasets.path` (entry 1) is missing"],
  ['\ndocuments: "a\\0b"\n', "lorag.yaml:2:12 `documents`: no path can hold a NUL byte"],
  ["prices:\n  input_mtok: 1\n", "lorag.yaml:2:3 `prices`: input_mtok and output_mtok go together"],
  ["- a\n- b\n", "lorag.yaml:1:1 expected `key: value` lines"],
  ["seed: 1\nseed: 2\n", "lorag.yaml:2:1 `seed` is written a second time; the first is in line 1$"],
  [
    "retrieval:\n  top_k: 3\n  top_k: 4\n",
    "lorag.yaml:3:3 `retrieval.top_k` is written a second time; the first is in line 2$",
  ],
  ["models: { a: x, a: y }\n", "lorag.yaml:1:17 `models.a` is written a second time"],
  [
    "seed: 1\n---\nseed: 2\n",
    "lorag.yaml:2:1 a second document begins here; keep all keys in one, without a line of `---` between them$",
  ],
  ["a: [1\nb: 2\n", "lorag.yaml:2:1 this line begins at another depth"],
  ["system_prompt: Answer: briefly\n", "lorag.yaml:1:16 a value holds a `key: value` of its own"],
  ["seed 1\nlora_r: 8\n", "lorag.yaml:1:1 a `:` is missing after this key$"],
  ["\tseed: 1\n", "a line begins with a tab; indent it with spaces"],
  ["documents: 'docs\n", "a closing quote or bracket, a comma, or the `:` after a key is missing"],
  ["documents: @docs\n", "lorag.yaml:1:12 a value cannot begin with `@`; put it in quotes"],
  ['documents: "C:\\docs"\n', "lorag.yaml:1:15 `\\d` means nothing in double quotes"],
  ["- seed\nlora_r: 1\n", "lorag.yaml:2:1 this does not belong here"],
  ["seed: !env SEED\n", "lorag.yaml:1:7 the tag `!env` means nothing here"],
  ["seed: *other\n", "lorag.yaml:1:7 `*other` stands for nothing: no value before it is named `&other`$"],
])("%j", (text, message) => {
  expect(`${messageOf(text)}$`).toContain(message);
});

test.each([
  [`${"x".repeat(100)}`, `is ${"x".repeat(60)}…`],
  ["|\n  a\n  b", "is |…"],
])("of a long value the beginning is told: %j", (value, told) => {
  expect(messageOf(`lora_r: ${value}\n`)).toMatch(new RegExp(`${told.replace("|", "\\|")}$`));
});

test("every fault is told at once, in the order of the file", () => {
  expect(messageOf("lora_r: x\nlora_rank: 8\nseed: -1\n").split("\n")).toEqual([
    "lorag.yaml has 3 faults:",
    expect.stringContaining("lorag.yaml:1:9"),
    expect.stringContaining("lorag.yaml:2:1"),
    expect.stringContaining("lorag.yaml:3:7"),
  ]);
});

test("models are local or endpoints, and each fault is told where it stands", () => {
  const text = [
    "models:",
    "  small: org/small",
    "  big: { endpoint: 'http://127.0.0.1:11434/v1', model: qwen3, input_mtok: 1, output_mtok: 2 }",
  ].join("\n");
  const { models } = parseConfig(text, "lorag.yaml");
  expect(models["small"]).toBe("org/small");
  expect(models["big"]).toMatchObject({ concurrency: 8, timeout: 300, reasoning_tokens: 0 });
  const faults: [line: string, says: RegExp][] = [
    ["{ endpoint: 'ftp://x', model: m }", /`models\.a\.endpoint`.*http:\/\//],
    ["{ endpoint: 'https://me:secret@x/v1', model: m }", /holds no user name or password/],
    [
      "{ endpoint: 'https://x/v1', modell: m }",
      /unknown key `models\.a\.modell`; did you mean `models\.a\.model`/,
    ],
    [
      "{ endpoint: 'https://x/v1', model: m, concurrency: 0 }",
      /`models\.a\.concurrency` must be at least 1; is 0/,
    ],
    ["{ endpoint: 'https://x/v1', model: m, api_key_env: sk-12 }", /not the key/],
    ["{ endpoint: 'https://x/v1', model: m, input_mtok: 1 }", /go together/],
    ["3", /`models\.a` must be text; is 3/],
  ];
  for (const [line, says] of faults) {
    expect(() => parseConfig(`models:\n  a: ${line}\n`, "lorag.yaml")).toThrow(says);
  }
});
