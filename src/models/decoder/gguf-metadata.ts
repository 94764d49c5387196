import { LoragError } from "../../contracts/index.ts";
import type { GgufFile } from "../../formats/index.ts";

/** The metadata of one architecture, by names without its own before them. */
export interface GgufMetadata {
  /** The whole key, for messages. */
  key(name: string): string;
  value(name: string): unknown;
  /** A whole number. Throws LORAG_GGUF_METADATA, as do the others. */
  count(name: string, otherwise?: number): number;
  /** A number above 0. */
  real(name: string, otherwise: number): number;
  /** The id of a token with a role: `bos`, `eos`, `padding`. */
  token(role: string, otherwise: number): number;
}

/** Source of the keys: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. */
export function openGgufMetadata({ metadata }: GgufFile, architecture: string): GgufMetadata {
  const key = (name: string): string => `${architecture}.${name}`;
  const wholeAt = (key: string, otherwise: number | undefined): number => {
    const value = metadata.get(key) ?? otherwise;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
    throw metadataError(key, value);
  };
  return {
    key,
    value: (name) => metadata.get(key(name)),
    count: (name, otherwise) => wholeAt(key(name), otherwise),
    real: (name, otherwise) => {
      const value = metadata.get(key(name)) ?? otherwise;
      if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
      throw metadataError(key(name), value);
    },
    token: (role, otherwise) => wholeAt(`tokenizer.ggml.${role}_token_id`, otherwise),
  };
}

function metadataError(key: string, value: unknown): LoragError {
  return new LoragError({
    code: "LORAG_GGUF_METADATA",
    kind: "data",
    message: `The GGUF file has ${key} = ${String(value).slice(0, 100)}, which no such model has`,
    next: "Use a GGUF that llama.cpp's own converter made.",
  });
}
