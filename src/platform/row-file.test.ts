import * as fc from "fast-check";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRowFile } from "./row-file.ts";

test("texts come back in any order, also between appends and where they are longer than what is read at once", () => {
  process.env["LORAG_HOME"] = mkdtempSync(join(tmpdir(), "lorag-rows-"));
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 20 }), fc.nat(), (texts, salt) => {
      const rows = createRowFile();
      for (const [index, text] of texts.entries()) {
        rows.append(text);
        expect(rows.at((salt * 7) % (index + 1))).toBe(texts[(salt * 7) % (index + 1)]);
      }
      expect(rows.at(rows.length)).toBeUndefined();
      rows.close();
    }),
    { numRuns: 30 },
  );
  const long = Array.from({ length: 40 }, (_, index) => `${index}é`.repeat(index * 1000));
  const rows = createRowFile();
  long.forEach((text) => rows.append(text));
  for (const index of [39, 0, 17, 18, 2, 38]) expect(rows.at(index)).toBe(long[index]);
  rows.close();
  expect(readdirSync(process.env["LORAG_HOME"])).toEqual([]);
});
