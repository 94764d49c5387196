import { LoragError } from "../../contracts/index.ts";

/** A `config.json` in Hugging Face's form (GGUF files are brought into the same form). */
export type ConfigJson = Readonly<Record<string, unknown>>;

/** Throws LORAG_MODEL_CONFIG. */
export function readPositive(key: string, value: unknown): number {
  if (typeof value === "number" && value > 0) return value;
  throw badConfig(key, value, "a number above 0");
}

export function badConfig(key: string, value: unknown, expected: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `The model's configuration has ${key} ${JSON.stringify(value)}; this architecture takes ${expected}`,
    next: "Choose a model without that feature, such as SmolLM2-135M-Instruct.",
  });
}
