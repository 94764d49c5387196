import type { Embedder, Example } from "../contracts/index.ts";
import { questionText } from "../data/index.ts";
import { dot } from "../vectors/index.ts";

/** Finds the `count` examples most like a question, the nearest first. Embeds the examples when first asked. */
export function similarExamples(
  examples: () => Promise<Example[]>,
  embedder: () => Promise<Embedder>,
  count: number,
): (question: string) => Promise<Example[]> {
  let ready: Promise<{ known: Example[]; vectors: Float32Array[] }> | undefined;
  const prepare = async () => {
    const known = await examples();
    return { known, vectors: await (await embedder()).embed(known.map(questionText)) };
  };
  return async (question) => {
    const { known, vectors } = await (ready ??= prepare());
    const [asked] = await (await embedder()).embed([question]);
    return known
      .map((example, index) => ({ example, likeness: dot(asked!, vectors[index]!) }))
      .toSorted((a, b) => b.likeness - a.likeness)
      .slice(0, count)
      .map(({ example }) => example);
  };
}
