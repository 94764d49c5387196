import type { EndpointEntry } from "../../contracts/index.ts";

/** What tokens cost by the prices of an entry; undefined where it has none. */
export function priceOf(
  { input_mtok: input, output_mtok: output }: EndpointEntry,
  promptTokens: number,
  completionTokens: number,
): number | undefined {
  if (input === undefined || output === undefined) return undefined;
  return (promptTokens * input + completionTokens * output) / 1e6;
}
