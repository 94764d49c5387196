import type { EndpointEntry, Message, Sampling } from "../../contracts/index.ts";

/** Fields that some servers do not know, or not with some models; they are left out once one was refused. */
export type Refusals = Set<string>;

/** A streamed chat completion as OpenAI's API takes it. */
export function completionBody(
  entry: Pick<EndpointEntry, "model" | "reasoning_tokens" | "body">,
  messages: readonly Message[],
  sampling: Sampling,
  refused: Refusals,
): Record<string, unknown> {
  const mostTokens = sampling.maxTokens + entry.reasoning_tokens;
  const fields: Record<string, unknown> = {
    max_tokens: mostTokens,
    temperature: sampling.temperature,
    seed: sampling.seed,
    stream_options: { include_usage: true },
    ...(sampling.topP !== 1 && { top_p: sampling.topP }),
    ...(sampling.topK !== 0 && { top_k: sampling.topK }),
    ...(sampling.repetitionPenalty !== 1 && { repetition_penalty: sampling.repetitionPenalty }),
    // More than four are refused by most; the text is cut at all of them here.
    ...(sampling.stop.length > 0 && { stop: sampling.stop.filter(Boolean).slice(0, 4) }),
  };
  // Models that think take the newer name alone.
  if (refused.has("max_tokens")) fields["max_completion_tokens"] = mostTokens;
  const kept = Object.entries(fields).filter(([name]) => !refused.has(name));
  return { model: entry.model, messages, stream: true, ...Object.fromEntries(kept), ...entry.body };
}

/** The field of a body that a refusal (status 400 or 422) names and that may be left out, if it names one. */
export function refusedField(body: Readonly<Record<string, unknown>>, said: string): string | undefined {
  const optional = [
    "max_tokens",
    "stream_options",
    "temperature",
    "seed",
    "top_p",
    "top_k",
    "repetition_penalty",
  ];
  return [...optional, "stop"].find(
    (name) => body[name] !== undefined && new RegExp(`(?<![a-z_])${name}(?![a-z_])`).test(said),
  );
}
