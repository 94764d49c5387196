import { LoragError } from "../contracts/index.ts";

/**
 * Names differ by where a model lies; what counts is the model's own, which comes last. An adapter that names no base
 * passes. Throws LORAG_ADAPTER_MISMATCH.
 */
export function requireSameBase(trainedOn: string, base: string): void {
  const own = (name: string): string =>
    name
      .replace(/[/\\]+$/, "")
      .split(/[/\\]/)
      .at(-1)!
      .toLowerCase();
  if (trainedOn === "" || own(trainedOn) === own(base)) return;
  throw new LoragError({
    code: "LORAG_ADAPTER_MISMATCH",
    kind: "data",
    message: `The adapter was trained on ${own(trainedOn)}, and this project's base model is ${own(base)}`,
    next: "Set base_model to that model; where both names mean the same weights, say --any-base.",
  });
}
