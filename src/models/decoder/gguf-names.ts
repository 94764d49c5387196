import type { GgufLayout } from "./gguf-layout.ts";

/** Tensors of a layer by the names of Hugging Face's checkpoints. */
const layerNames: Readonly<Record<string, string>> = {
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
  attn_norm: "input_layernorm",
  ffn_norm: "post_attention_layernorm",
};
const outerNames: Readonly<Record<string, string>> = {
  "token_embd.weight": "model.embed_tokens.weight",
  "output_norm.weight": "model.norm.weight",
  "output.weight": "lm_head.weight",
};

/** A tensor's name in a Hugging Face checkpoint of so many layers; undefined where it has none. */
export function toCheckpointName(name: string, layers: number, { names }: GgufLayout): string | undefined {
  const layer = /^blk\.(0|[1-9]\d*)\.(\w+)\.(weight|bias)$/.exec(name);
  if (!layer || Number(layer[1]) >= layers) return outerNames[name];
  const inner = { ...layerNames, ...names }[layer[2]!];
  const isBiased = layer[3] === "weight" || inner?.endsWith("_proj");
  return inner && isBiased ? `model.layers.${layer[1]}.${inner}.${layer[3]}` : undefined;
}

/** The other way round. */
export function toGgufName(name: string, { names }: GgufLayout): string | undefined {
  const outer = Object.entries(outerNames).find(([, checkpoint]) => checkpoint === name);
  if (outer) return outer[0];
  const [, layer, inner, kind] = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(name) ?? [];
  // What an architecture names otherwise comes last, and counts.
  const found = Object.entries({ ...layerNames, ...names }).findLast(
    ([, checkpoint]) => checkpoint === inner,
  );
  return found && `blk.${layer}.${found[0]}.${kind}`;
}

/** Row 2i + p of each head goes to row p * half + i: rotary partners move from neighbours to halves. */
export function deinterleaveRows(
  values: Float32Array,
  heads: number,
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  return moveRows(values, heads, shape, (neighbours, halves) => [neighbours, halves]);
}

/** The way back. */
export function interleaveRows(
  values: Float32Array,
  heads: number,
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  return moveRows(values, heads, shape, (neighbours, halves) => [halves, neighbours]);
}

/** Moves each row from the first place to the second, where the same row stands in either order. */
function moveRows(
  values: Float32Array,
  heads: number,
  [rows = 0, width = 1]: readonly number[],
  order: (neighbours: number, halves: number) => [from: number, to: number],
): Float32Array<ArrayBuffer> {
  const half = rows / heads / 2;
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const inHead = row % (2 * half);
    const [from, to] = order(row, row - inHead + (inHead % 2) * half + (inHead >> 1));
    out.set(values.subarray(from * width, (from + 1) * width), to * width);
  }
  return out;
}
