/** GGUF files written by hand, for tests. */
export const uint32 = (value: number) => [...new Uint8Array(Uint32Array.of(value).buffer)];
export const uint64 = (value: bigint) => [...new Uint8Array(BigUint64Array.of(value).buffer)];
export const text = (value: string) => [...uint64(BigInt(Buffer.byteLength(value))), ...Buffer.from(value)];

/** A row of the tensor table. */
export const tensor = (name: string, shape: bigint[], type: number, offset: bigint) => [
  ...text(name),
  ...uint32(shape.length),
  ...shape.flatMap(uint64),
  ...uint32(type),
  ...uint64(offset),
];

/** A file whose parts need not agree. */
export function handmade(
  options: { version?: number; tensors?: bigint; keys?: bigint; key?: number[]; table?: number[] } = {},
): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(24));
  head.setUint32(0, 0x46554747, true);
  head.setUint32(4, options.version ?? 3, true);
  head.setBigUint64(8, options.tensors ?? 0n, true);
  head.setBigUint64(16, options.keys ?? 0n, true);
  return Uint8Array.of(...new Uint8Array(head.buffer), ...(options.key ?? []), ...(options.table ?? []));
}

type Value = number | string | number[] | string[];
const typeOf = (value: number | string): number => (typeof value === "string" ? 8 : 4);
const bytesOf = (value: number | string): number[] =>
  typeof value === "string" ? text(value) : uint32(value);
const typed = (value: Value): number[] =>
  Array.isArray(value)
    ? [
        ...uint32(9),
        ...uint32(typeOf(value[0]!)),
        ...uint64(BigInt(value.length)),
        ...value.flatMap<number>(bytesOf),
      ]
    : [...uint32(typeOf(value)), ...bytesOf(value)];

/** A whole llama in F32 with its tokenizer; `changed` metadata and shapes of `more` tensors go before these. */
export function tinyLlamaGguf(
  changed: Record<string, Value> = {},
  more: Record<string, number[]> = {},
): Uint8Array<ArrayBuffer> {
  const metadata: Record<string, Value> = {
    "general.architecture": "llama",
    "llama.block_count": 1,
    "llama.context_length": 64,
    "llama.embedding_length": 8,
    "llama.feed_forward_length": 8,
    "llama.attention.head_count": 2,
    "llama.attention.head_count_kv": 1,
    "llama.attention.key_length": 16,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.pre": "smollm",
    "tokenizer.ggml.tokens": ["<s>", "</s>", "a", "b", "ab", "Ġ", "Ġa", "Ã", "©"],
    "tokenizer.ggml.token_type": [3, 3, 1, 1, 1, 1, 1, 1, 1],
    "tokenizer.ggml.merges": ["a b", "Ġ a"],
    "tokenizer.ggml.bos_token_id": 0,
    "tokenizer.ggml.eos_token_id": 1,
    "tokenizer.chat_template":
      "{% for message in messages %}{{ message['content'] + eos_token }}{% endfor %}",
    ...changed,
  };
  const shapes: Record<string, number[]> = {
    "token_embd.weight": [9, 8],
    "output_norm.weight": [8],
    "blk.0.attn_norm.weight": [8],
    "blk.0.ffn_norm.weight": [8],
    "blk.0.attn_q.weight": [32, 8],
    "blk.0.attn_k.weight": [16, 8],
    "blk.0.attn_v.weight": [16, 8],
    "blk.0.attn_output.weight": [8, 32],
    "blk.0.ffn_gate.weight": [8, 8],
    "blk.0.ffn_up.weight": [8, 8],
    "blk.0.ffn_down.weight": [8, 8],
    ...more,
  };
  let end = 0;
  const table = Object.entries(shapes).flatMap(([name, shape]) => {
    const offset = BigInt(end);
    end += shape.reduce((a, b) => a * b) * 4;
    return tensor(name, shape.map(BigInt).reverse(), 0, offset);
  });
  const key = Object.entries(metadata).flatMap(([name, value]) => [...text(name), ...typed(value)]);
  const gap = (32 - ((24 + key.length + table.length) % 32)) % 32;
  return handmade({
    tensors: BigInt(Object.keys(shapes).length),
    keys: BigInt(Object.keys(metadata).length),
    key,
    table: [...table, ...new Array<number>(gap + end).fill(0)],
  });
}
