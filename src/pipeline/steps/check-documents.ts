import type { Example } from "../../contracts/index.ts";
import { counted } from "../../text/index.ts";
import type { Context } from "../context.ts";
import type { IndexOutcome, IndexReport } from "./update-indexes.ts";
import { nameSome } from "./name-some.ts";
import type { Prepared } from "./prepare.ts";

/**
 * Examples whose documents are misspelt or were skipped train worse and are never found: that must not be silent. A
 * name that is no file's is dropped, so that retrieval is not blamed for it; what was skipped is truly missing.
 */
export function checkDocuments(
  warn: Context["warn"],
  prepared: Prepared,
  { chunksOf, report }: { chunksOf: IndexOutcome["chunksOf"]; report: Pick<IndexReport, "skipped"> },
): Prepared {
  const skipped = new Set(report.skipped.map(({ id }) => id));
  const faulty: string[] = [];
  const check = (example: Example): Example => {
    const { documents, ...rest } = example;
    const missing = documents?.filter((document) => !chunksOf.has(document)) ?? [];
    if (missing.length === 0) return example;
    faulty.push(`${example.id} (${missing.join(", ")})`);
    const named = documents!.filter((document) => chunksOf.has(document) || skipped.has(document));
    // Without any, it is unknown which documents bear the answer; an empty list would say that none does.
    return named.length > 0 ? { ...rest, documents: named } : rest;
  };
  const checked = {
    ...prepared,
    train: prepared.train.map(check),
    validation: prepared.validation.map(check),
    test: prepared.test.map(check),
  };
  if (faulty.length > 0) {
    warn({
      code: "LORAG_UNKNOWN_DOCUMENT",
      message:
        `${counted(faulty.length, "example names", "examples name")} documents that are not in the index: ` +
        `${nameSome(faulty)}. Correct their ` +
        "`metadata.documents` (paths inside the documents folder), or mend the documents that were skipped.",
    });
  }
  return checked;
}
