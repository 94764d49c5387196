import fc from "fast-check";
import { expect, it } from "vitest";
import type { Citation } from "../contracts/index.ts";
import { annotate, extrasOf } from "./annotations.ts";

const text = "Adults pay £5 [1]. Dogs pay £3 [2]. That is all.";
const cite = (marker: number, documentId: string, claim: Citation["claim"], quote: string): Citation => ({
  marker,
  chunkId: `c${marker}`,
  documentId,
  title: documentId.slice(0, -3),
  headings: [],
  start: 10 * marker,
  end: 10 * marker + quote.length,
  quote,
  verdict: "supported",
  ...(claim && { claim }),
});
const citations = [
  cite(1, "fares.md", { start: 0, end: 18 }, "Adults: £5"),
  cite(2, "dogs.md", { start: 19, end: 35 }, "A dog: £3"),
];

it("gives out one citation in three forms that say the same", () => {
  const [first, second] = annotate(text, citations, []);
  expect([first!.index, second!.index]).toEqual([14, 31]);
  const { anthropic, sources } = extrasOf({ text, citations, hits: [] }).lorag!;
  expect(anthropic!.map((block) => block.text)).toEqual([
    "Adults pay £5 [1].",
    " ",
    "Dogs pay £3 [2].",
    " That is all.",
  ]);
  expect(anthropic![2]!.citations).toEqual([
    {
      type: "char_location",
      cited_text: "A dog: £3",
      document_index: 1,
      document_title: "dogs",
      start_char_index: 20,
      end_char_index: 29,
    },
  ]);
  expect(sources![1]).toMatchObject({
    sourceType: "document",
    title: "dogs",
    providerMetadata: { lorag: { marker: 2, quote: "A dog: £3", start: 20, end: 29 } },
  });
  expect(extrasOf({ text, citations: [], hits: [] })).toEqual({});
});

it("cuts an answer into blocks that are the answer, whatever is cited", () => {
  const claim = fc
    .tuple(fc.nat(text.length), fc.nat(text.length))
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
  fc.assert(
    fc.property(fc.array(fc.option(claim, { nil: undefined }), { minLength: 1, maxLength: 5 }), (claims) => {
      const many = claims.map((each, index) => cite(index + 1, "fares.md", each, "q"));
      const anthropic = extrasOf({ text, citations: many, hits: [] }).lorag!.anthropic!;
      expect(anthropic.map((block) => block.text).join("")).toBe(text);
      expect(anthropic.flatMap((block) => block.citations ?? [])).toHaveLength(many.length);
    }),
  );
});
