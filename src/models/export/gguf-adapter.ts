import { ggufValue, readGguf, writeGguf, type FloatTensor, type GgufTensor } from "../../formats/index.ts";
import { LoragError } from "../../contracts/index.ts";
import { openFile } from "../../platform/index.ts";
import type { Adapter } from "../adapter.ts";
import { deinterleaveRows, interleaveRows, toCheckpointName, toGgufName } from "../decoder/gguf-names.ts";
import type { OpenModel } from "../hub/open-model.ts";
import { ggufLayoutOf, interleavedHeads } from "./gguf-model.ts";
import { notExportable } from "./not-exportable.ts";

/**
 * An adapter as llama.cpp takes it beside its base (convert_lora_to_gguf.py): `<tensor>.lora_a` [rank, inputs] and
 * `.lora_b` [outputs, rank], in float32. llama.cpp divides alpha by the rank, so that of rsLoRA is multiplied by its root.
 */
export function ggufAdapterPieces(model: OpenModel, adapter: Adapter): Iterable<Uint8Array> {
  const layout = ggufLayoutOf(model);
  if (adapter.dora) throw notExportable("the magnitudes of DoRA beside the base");
  const { rank, alpha, rankStabilized } = adapter;
  const { string, float32 } = ggufValue;
  const metadata = new Map([
    ["general.architecture", string(layout.architecture)],
    ["general.type", string("adapter")],
    ["general.name", string(`${adapter.baseModel || model.name}, adapter`)],
    ["adapter.type", string("lora")],
    ["adapter.lora.alpha", float32(rankStabilized ? alpha * Math.sqrt(rank) : alpha)],
  ]);
  const tensors = [...adapter.tensors].map(([name, { shape, data }]): GgufTensor => {
    const [, path, kind] = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/.exec(name)!;
    const stored = toGgufName(`${path}.weight`, layout);
    if (stored === undefined) throw notExportable(`an adapter on ${path}`);
    const heads = kind === "B" ? interleavedHeads(`${path}.weight`, model.config, layout) : undefined;
    return {
      name: `${stored}.lora_${kind!.toLowerCase()}`,
      shape,
      type: "F32",
      read: () => (heads === undefined ? data : interleaveRows(data, heads, shape)),
    };
  });
  return writeGguf(metadata, tensors);
}

/** Reads such a file back. Throws LORAG_ADAPTER_INVALID, LORAG_GGUF_CORRUPT. */
export function readGgufAdapter(path: string, model: OpenModel): Adapter {
  const layout = ggufLayoutOf(model);
  const gguf = readGguf(openFile(path));
  try {
    const alpha = gguf.metadata.get("adapter.lora.alpha");
    const tensors = new Map<string, FloatTensor>();
    let rank = 0;
    for (const name of gguf.names()) {
      const [, stored = "", kind] = /^(.+)\.lora_([ab])$/.exec(name) ?? [];
      const checkpoint = toCheckpointName(stored, Number(model.config["num_hidden_layers"]), layout);
      if (checkpoint === undefined) throw invalid(path, `the tensor ${name} has no place in the model`);
      const shape = gguf.shape(name);
      const heads = kind === "b" ? interleavedHeads(checkpoint, model.config, layout) : undefined;
      const data = gguf.read(name);
      rank = shape[kind === "a" ? 0 : 1]!;
      tensors.set(`base_model.model.${checkpoint.replace(/weight$/, `lora_${kind!.toUpperCase()}.weight`)}`, {
        shape,
        data: heads === undefined ? data : deinterleaveRows(data, heads, shape),
      });
    }
    if (typeof alpha !== "number" || rank === 0)
      throw invalid(path, "it has no adapter.lora.alpha or no tensors");
    return { baseModel: model.name, rank, alpha, dropout: 0, tensors };
  } finally {
    gguf.close();
  }
}

function invalid(path: string, what: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_INVALID",
    kind: "data",
    message: `The adapter in ${path} is not valid: ${what}`,
    next: "Write it again with `lorag export`.",
  });
}
