import { LoragError } from "../contracts/index.ts";

/** The error for a model file that breaks its format. `what` names the broken field and its value. */
export function corruptFile(format: "GGUF" | "SAFETENSORS", file: string, what: string): LoragError {
  return new LoragError({
    code: `LORAG_${format}_CORRUPT`,
    kind: "data",
    message: `${file} is not a valid ${format.toLowerCase()} file: ${what}`,
    next: "Delete the file and fetch it again; if you made it yourself, write it again with a current tool.",
  });
}

export function missingTensor(file: string, name: string): LoragError {
  return new LoragError({
    code: "LORAG_TENSOR_MISSING",
    kind: "data",
    message: `${file} has no tensor ${JSON.stringify(name)}`,
    next: "Check that the file belongs to this model's architecture.",
  });
}

export function unsupportedTensor(file: string, name: string, type: string): LoragError {
  return new LoragError({
    code: "LORAG_TENSOR_TYPE",
    kind: "data",
    message: `${file}: tensor ${JSON.stringify(name)} has the type ${type}, which is not read here`,
    next: "Use a file in F32, F16 or BF16, or a GGUF in Q4_0, Q4_1, Q8_0, Q4_K or Q6_K.",
  });
}
