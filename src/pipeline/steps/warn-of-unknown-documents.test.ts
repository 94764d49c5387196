import { expect, test } from "vitest";
import type { Example } from "../../contracts/index.ts";
import { collectWarnings } from "../context.ts";
import { warnOfUnknownDocuments } from "./warn-of-unknown-documents.ts";

const example = (id: string, documents?: string[]): Example => ({
  id,
  prompt: [{ role: "user", content: "When does the bar open?" }],
  completion: "At six",
  ...(documents && { documents }),
});
const chunksOf = new Map([["bar.md", []]]);

test("examples that name a document out of the index are named, with the document", () => {
  const { warn, warnings } = collectWarnings();
  const known = [example("k1", ["bar.md"]), example("k2", []), example("k3")];
  warnOfUnknownDocuments(warn, { train: known, validation: known, test: known }, { chunksOf });
  expect(warnings).toEqual([]);

  const misspelt = Array.from({ length: 6 }, (_, i) => example(`t${i}`, ["bra.md", "bar.md"]));
  const prepared = { train: misspelt, validation: [], test: [example("h0", ["gone.md"])] };
  warnOfUnknownDocuments(warn, prepared, { chunksOf });
  expect(warnings).toEqual([
    {
      code: "LORAG_UNKNOWN_DOCUMENT",
      message: expect.stringMatching(/^7 examples .* t0 \(bra\.md\), .* 2 more/),
    },
  ]);
  expect(warnings[0]!.message).toContain("metadata.documents");
});
