import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeSafetensors, type FloatTensor } from "../formats/index.ts";
import {
  adapterModules,
  bindAdapter,
  fitAdapter,
  readAdapter,
  writeAdapter,
  type Adapter,
} from "./adapter.ts";
import { layoutAdapter, loraScale } from "./tuning/lora-layout.ts";

const golden = new URL("../../test/golden/", import.meta.url).pathname;
const sums = JSON.parse(readFileSync(join(golden, "peft-adapter.json"), "utf8")) as Record<
  string,
  { shape: number[]; sum: number }
>;
const fixture = join(golden, "peft-adapter");
const folder = () => join(mkdtempSync(join(tmpdir(), "lorag-adapter-")), "adapter");
const modules = (outputs = 8) =>
  [0, 1].flatMap((layer) => [
    { path: `model.layers.${layer}.self_attn.q_proj`, outputs, inputs: 8 },
    { path: `model.layers.${layer}.mlp.down_proj`, outputs: 8, inputs: 12 },
  ]);
const layout = (outputs?: number, targets: string[] = ["q_proj", "down_proj"]) =>
  layoutAdapter(modules(outputs), { rank: 2, alpha: 4, dropout: 0, targets });

test("reads what PEFT wrote, every tensor in its place", async () => {
  const adapter = await readAdapter(fixture);
  expect(adapter).toMatchObject({ baseModel: "tiny/llama", rank: 2, alpha: 4, dropout: 0.1 });
  expect(fitAdapter(modules(), adapter)).toEqual(layout());
  expect([...adapter.tensors.keys()].sort()).toEqual(Object.keys(sums).sort());
  const values = bindAdapter(layout(), adapter);
  for (const { name, shape, offset } of layout().tensors) {
    const part = values.subarray(offset, offset + shape[0] * shape[1]);
    expect(shape).toEqual(sums[name]!.shape);
    expect(part.reduce((total, value) => total + value, 0)).toBeCloseTo(sums[name]!.sum, 5);
  }
  expect(adapterModules(adapter)).toContain("model.layers.1.mlp.down_proj");
});

test("what is written reads back the same, and replaces what was there whole", async () => {
  const adapter = await readAdapter(fixture);
  const target = folder();
  await writeAdapter(target, { ...adapter, alpha: 1 });
  await writeAdapter(target, adapter);
  expect(await readAdapter(target)).toEqual(adapter);
  expect(JSON.parse(readFileSync(join(target, "adapter_config.json"), "utf8"))).toMatchObject({
    peft_type: "LORA",
    r: 2,
    lora_alpha: 4,
    target_modules: ["down_proj", "q_proj"],
  });
  expect(readdirSync(join(target, ".."))).toEqual(["adapter"]);
});

test("an adapter of another model is refused", async () => {
  const adapter = await readAdapter(fixture);
  const mismatch = expect.objectContaining({ code: "LORAG_ADAPTER_MISMATCH" });
  expect(() => bindAdapter(layout(10), adapter)).toThrow(mismatch);
  expect(() => bindAdapter(layout(8, ["q_proj"]), adapter)).toThrow(mismatch);
  const tensors = new Map([...adapter.tensors].slice(1));
  expect(() => bindAdapter(layout(), { ...adapter, tensors })).toThrow(mismatch);
});

const config = { peft_type: "LORA", r: 2, lora_alpha: 4, base_model_name_or_path: "m" };
const a: [string, FloatTensor] = [
  "base_model.model.q_proj.lora_A.weight",
  { shape: [2, 3], data: new Float32Array(6) },
];
const b: [string, FloatTensor] = [
  "base_model.model.q_proj.lora_B.weight",
  { shape: [4, 2], data: new Float32Array(8) },
];
async function readMade(config: unknown, tensors: [string, FloatTensor][] | undefined) {
  const made = mkdtempSync(join(tmpdir(), "lorag-adapter-"));
  if (config !== undefined)
    writeFileSync(
      join(made, "adapter_config.json"),
      typeof config === "string" ? config : JSON.stringify(config),
    );
  if (tensors) writeFileSync(join(made, "adapter_model.safetensors"), writeSafetensors(new Map(tensors)));
  return readAdapter(made);
}

test("rank-stabilised scaling is kept", async () => {
  const adapter = await readMade({ ...config, use_rslora: true }, [a, b]);
  expect(loraScale(adapter)).toBeCloseTo(4 / Math.sqrt(2));
  const target = folder();
  await writeAdapter(target, adapter);
  expect(await readAdapter(target)).toMatchObject({ rank: 2, alpha: 4, rankStabilized: true });
});

test("an adapter that its configuration has on more modules than it has tensors for is refused", async () => {
  const whole = await readAdapter(fixture);
  const named = (targets: Adapter["targets"]) => () => fitAdapter(modules(), { ...whole, targets });
  expect(named({ modules: ["q_proj", "down_proj", "embed_tokens"] })).not.toThrow();
  expect(named({ modules: /^model\.layers\.\d\.(self_attn\.q|mlp\.down)_proj$/ })).not.toThrow();
  const part = new Map([...whole.tensors].filter(([name]) => !name.includes("layers.1.mlp")));
  const cut = (targets: Adapter["targets"]) => () =>
    fitAdapter(modules(), { ...whole, tensors: part, targets });
  const message = /layers\.1\.mlp\.down_proj, and it has no tensors/;
  expect(cut({ modules: ["q_proj", "down_proj"] })).toThrow(message);
  expect(cut({ modules: "all-linear" })).toThrow(message);
  expect(cut({ modules: /.*_proj$/ })).toThrow(message);
  expect(cut({ modules: ["q_proj", "down_proj"], layers: [0] })).toThrow(/no place for .*layers\.1/);
  expect(cut(undefined)).not.toThrow();
});

test("PEFT's ways to say no are no", async () => {
  const plain = {
    lora_dropout: null,
    modules_to_save: null,
    layer_replication: [],
    init_lora_weights: "gaussian",
  };
  expect((await readMade({ ...config, ...plain, use_qalora: false }, [a, b])).dropout).toBe(0);
});

test.each<[string, unknown, [string, FloatTensor][] | undefined, string]>([
  ["no config", undefined, [a, b], "LORAG_ADAPTER_MISSING"],
  ["no weights (or only a .bin)", config, undefined, "LORAG_ADAPTER_MISSING"],
  ["a config that is no JSON", "{", [a, b], "LORAG_ADAPTER_INVALID"],
  ["a rank of 0", { ...config, r: 0 }, [a, b], "LORAG_ADAPTER_INVALID"],
  ["tensors of another rank", { ...config, r: 4 }, [a, b], "LORAG_ADAPTER_INVALID"],
  ["A without B", config, [a], "LORAG_ADAPTER_INVALID"],
  ["no tensors", config, [], "LORAG_ADAPTER_INVALID"],
  ["a tensor that is no part of LoRA", config, [a, b, ["base_model.model.x", a[1]]], "LORAG_ADAPTER_INVALID"],
  [
    "values that are no numbers",
    config,
    [a, [b[0], { ...b[1], data: b[1].data.map(() => NaN) }]],
    "LORAG_ADAPTER_INVALID",
  ],
  ["another method", { ...config, peft_type: "IA3" }, [a, b], "LORAG_ADAPTER_UNSUPPORTED"],
  ["DoRA without magnitudes", { ...config, use_dora: true }, [a, b], "LORAG_ADAPTER_INVALID"],
  ["trained biases", { ...config, bias: "all" }, [a, b], "LORAG_ADAPTER_UNSUPPORTED"],
  ["a changed base", { ...config, init_lora_weights: "pissa_niter_4" }, [a, b], "LORAG_ADAPTER_UNSUPPORTED"],
  [
    "a changed base in capitals",
    { ...config, init_lora_weights: "OLoRA" },
    [a, b],
    "LORAG_ADAPTER_UNSUPPORTED",
  ],
  ["other saved modules", { ...config, modules_to_save: ["lm_head"] }, [a, b], "LORAG_ADAPTER_UNSUPPORTED"],
  ["activation by tokens", { ...config, alora_invocation_tokens: [5] }, [a, b], "LORAG_ADAPTER_UNSUPPORTED"],
  ["ranks by module", { ...config, rank_pattern: { q_proj: 4 } }, [a, b], "LORAG_ADAPTER_UNSUPPORTED"],
])("refuses %s", async (_, config, tensors, code) => {
  await expect(readMade(config, tensors)).rejects.toMatchObject({ code });
});
