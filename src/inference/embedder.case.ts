import { expect, test } from "vitest";
import type { Embedder } from "../contracts/index.ts";

/** What every Embedder must do. `open` gives a new one; a text about ships is nearer to one than to one about bread. */
export function testEmbedder(name: string, open: () => Promise<Embedder>): void {
  test(`${name}: gives a unit vector for each text, in order, whatever its neighbours`, async () => {
    const embedder = await open();
    expect(embedder.identity).not.toBe("");
    const texts = ["a ship in the harbour", "bread from the oven", "", "the ship in its harbour"];
    const vectors = await embedder.embed(texts);
    for (const vector of vectors) {
      expect(vector).toHaveLength(embedder.dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    const nearness = (other: number): number =>
      vectors[0]!.reduce((sum, x, i) => sum + x * vectors[other]![i]!, 0);
    expect(nearness(3)).toBeGreaterThan(nearness(1));
    expect(await embedder.embed([...texts].reverse())).toEqual([...vectors].reverse());
    expect(await embedder.embed([])).toEqual([]);
    await embedder.close();
  });

  test(`${name}: says how far it is, and stops when told`, async () => {
    const embedder = await open();
    const seen: number[] = [];
    await embedder.embed(new Array<string>(40).fill("ferry"), { onProgress: (done) => seen.push(done) });
    expect(seen.at(-1)).toBe(40);
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    const stop = new AbortController();
    const stopped = embedder.embed(new Array<string>(4000).fill("ferry"), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "LORAG_INTERRUPTED" });
    await embedder.close();
    await embedder.close();
  });

  test(`${name}: begins nothing more once a listener has thrown`, async () => {
    const embedder = await open();
    let calls = 0;
    const onProgress = (): void => {
      calls++;
      throw new Error("the listener's own");
    };
    await expect(embedder.embed(new Array<string>(4000).fill("ferry"), { onProgress })).rejects.toThrow(
      "own",
    );
    expect(calls).toBeLessThanOrEqual(8);
    await embedder.close();
  });
}
