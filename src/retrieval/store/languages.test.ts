import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Chunk, Hit } from "../../contracts/index.ts";
import { plainText, splitSentences } from "../../text/index.ts";
import { checkCitations } from "../citations/citations.ts";
import { memoryStore } from "./memory-store.case.ts";

/** Language, a question, and the one passage that answers it, with words inflected and spelt otherwise than in the question. */
const rows = readFileSync(new URL("../../../test/languages/passages.tsv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split("\t") as [string, string, string]);
const languages = [...new Set(rows.map(([language]) => language))];

const chunkOf = (text: string, id: string): Chunk => ({
  id,
  documentId: id,
  title: "",
  headings: [],
  text,
  start: 0,
  end: text.length,
});

test.each(languages)("%s: words alone find the passage first", async (language) => {
  const own = rows.filter(([each]) => each === language);
  const store = memoryStore();
  const upsert = own.map(([, , passage], index) => ({
    documentId: `${index}`,
    hash: "1",
    chunks: [chunkOf(passage, `${index}`)],
    vectors: [new Float32Array(1)],
  }));
  await store.apply({ upsert, remove: [] });
  const missed: string[] = [];
  for (const [index, [, question]] of own.entries()) {
    const [best] = await store.search({ by: { text: question }, limit: 1 });
    if (best?.chunk.id !== `${index}`) missed.push(question);
  }
  // 喝的水 is said as 饮用水 in its passage.
  expect(missed).toEqual(language === "zh" ? ["居民喝的水来自哪里？"] : []);
});

test.each(languages)(
  "%s: a passage bears out its own sentences, its figures in any digits, and no other",
  (language) => {
    const own = rows.filter(([each]) => each === language);
    for (const [index, [, question, passage]] of own.entries()) {
      const hit: Hit = { chunk: chunkOf(passage, "c"), score: 1, ranks: {} };
      const isBorneOut = (text: string): boolean =>
        checkCitations(`${text} [1]`, [hit], question).every(({ verdict }) => verdict === "supported");
      const [sentence = ""] = splitSentences(passage);
      const plain = plainText(sentence);
      expect([plain, isBorneOut(plain)]).toEqual([plain, true]);
      const [other = ""] = splitSentences(own[(index + 1) % own.length]![2]);
      expect([other, isBorneOut(other)]).toEqual([other, false]);
      if (!/\d/u.test(plain)) continue;
      const changed = plain.replace(/\d(?!\d)/u, (digit) => `${(Number(digit) + 3) % 10}`);
      expect([changed, isBorneOut(changed)]).toEqual([changed, false]);
    }
  },
);
