import type { Example } from "../../contracts/index.ts";
import type { Context } from "../context.ts";
import type { IndexOutcome } from "./index-documents.ts";
import type { Prepared } from "./prepare.ts";

const shownExamples = 5;

/** Examples whose documents are misspelt or were skipped train worse and are never found: that must not be silent. */
export function warnOfUnknownDocuments(
  warn: Context["warn"],
  { train, validation, test }: Pick<Prepared, "train" | "validation" | "test">,
  { chunksOf }: Pick<IndexOutcome, "chunksOf">,
): void {
  const unknown = [...train, ...validation, ...test].flatMap(({ id, documents = [] }: Example) => {
    const missing = documents.filter((document) => !chunksOf.has(document));
    return missing.length > 0 ? [`${id} (${missing.join(", ")})`] : [];
  });
  if (unknown.length === 0) return;
  const rest = unknown.length - shownExamples;
  warn({
    code: "LORAG_UNKNOWN_DOCUMENT",
    message:
      `${unknown.length} examples name documents that are not in the index: ` +
      `${unknown.slice(0, shownExamples).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}. Correct their ` +
      "`metadata.documents` (paths inside the documents folder), or mend the documents that were skipped.",
  });
}
