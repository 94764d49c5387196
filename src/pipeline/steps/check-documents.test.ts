import { expect, test } from "vitest";
import type { Example } from "../../contracts/index.ts";
import { collectWarnings } from "../context.ts";
import { checkDocuments } from "./check-documents.ts";
import type { Prepared } from "./prepare.ts";

const example = (id: string, documents?: string[]): Example => ({
  id,
  prompt: [{ role: "user", content: "When does the bar open?" }],
  completion: "At six",
  ...(documents && { documents }),
});
const prepared = (train: Example[], test: Example[]): Prepared => ({
  train,
  validation: [],
  test,
  testHash: "5d1f",
  leftOut: [],
});
const indexed = {
  chunksOf: new Map([["bar.md", []]]),
  report: { skipped: [{ id: "broken.pdf", code: "LORAG_PDF" as const, reason: "damaged" }] },
};

test("examples without a fault stay as they are, and nothing is told", () => {
  const { warn, warnings } = collectWarnings();
  const known = prepared([example("k1", ["bar.md"]), example("k2", [])], [example("k3")]);
  expect(checkDocuments(warn, known, indexed)).toEqual(known);
  expect(warnings).toEqual([]);
});

test("examples that name a document out of the index are named, with the document", () => {
  const { warn, warnings } = collectWarnings();
  const misspelt = Array.from({ length: 6 }, (_, i) => example(`t${i}`, ["bra.md", "bar.md"]));
  checkDocuments(warn, prepared(misspelt, [example("h0", ["gone.md"])]), indexed);
  expect(warnings).toEqual([
    {
      code: "LORAG_UNKNOWN_DOCUMENT",
      message: expect.stringMatching(/^7 examples .* t0 \(bra\.md\), .* 2 more/),
    },
  ]);
  expect(warnings[0]!.message).toContain("metadata.documents");
});

test("a single one is told as one", () => {
  const { warn, warnings } = collectWarnings();
  checkDocuments(warn, prepared([], [example("h0", ["gone.md"])]), indexed);
  expect(warnings[0]!.message).toMatch(/^1 example names documents/);
});

test("a misspelt name is dropped, a skipped document stays, and no example becomes unanswerable", () => {
  const { warn } = collectWarnings();
  const {
    test: [some, none, skipped],
  } = checkDocuments(
    warn,
    prepared(
      [],
      [example("a", ["bra.md", "bar.md"]), example("b", ["bra.md"]), example("c", ["broken.pdf"])],
    ),
    indexed,
  );
  expect(some!.documents).toEqual(["bar.md"]);
  expect(none).not.toHaveProperty("documents");
  expect(skipped!.documents).toEqual(["broken.pdf"]);
});
