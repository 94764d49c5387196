import { LoragError } from "../../contracts/index.ts";

export function notExportable(what: string): LoragError {
  return new LoragError({
    code: "LORAG_EXPORT",
    kind: "data",
    message: `A GGUF file cannot hold ${what}, as llama.cpp reads it`,
    next: "Export it as `merged`, the folder that transformers loads, or as `peft`.",
  });
}
