import type { Example } from "../contracts/index.ts";

/** A short example for tests. */
export function example(
  id: string,
  question: string,
  completion: string,
  rest: Partial<Example> = {},
): Example {
  return { id, prompt: [{ role: "user", content: question }], completion, ...rest };
}
