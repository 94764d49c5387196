/** What clients of a server that streams saw together. */
export interface Load {
  tokensPerSecond: number;
  /** Milliseconds to the first piece of text, 99th percentile. */
  firstP99: number;
}

/**
 * `clients` that each ask one after another until `requests` have been answered: a question of its own, with the model
 * that `modelOf` names, for `tokens` tokens. Pieces of a stream are counted as tokens.
 */
export async function load(
  address: string,
  options: { clients: number; requests: number; tokens: number; modelOf: (index: number) => string },
): Promise<Load> {
  const { clients, requests, tokens, modelOf } = options;
  const firsts: number[] = [];
  let pieces = 0;
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let index = next++; index < requests; index = next++) {
        const content = `Tell me a long story about harbour number ${index}.`;
        const asked = performance.now();
        const response = await fetch(`${address}/v1/chat/completions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            model: modelOf(index),
            messages: [{ role: "user", content }],
            max_tokens: tokens,
            stream: true,
          }),
        });
        if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
        const times = await readPieces(response);
        pieces += times.length;
        firsts.push(times[0]! - asked);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  return { tokensPerSecond: pieces / seconds, firstP99: percentile(firsts, 0.99) };
}

/** When each piece of text came. */
async function readPieces(response: Response): Promise<number[]> {
  const times: number[] = [];
  let rest = "";
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    const events = (rest + piece).split("\n\n");
    rest = events.pop()!;
    for (const event of events) if (/"content":"[^"]/.test(event)) times.push(performance.now());
  }
  return times;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
