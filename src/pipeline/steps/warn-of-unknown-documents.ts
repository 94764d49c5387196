import type { Example } from "../../contracts/index.ts";
import type { Context } from "../context.ts";
import type { IndexOutcome } from "./index-documents.ts";
import { nameSome } from "./name-some.ts";
import type { Prepared } from "./prepare.ts";

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
  warn({
    code: "LORAG_UNKNOWN_DOCUMENT",
    message:
      `${unknown.length} examples name documents that are not in the index: ` +
      `${nameSome(unknown)}. Correct their ` +
      "`metadata.documents` (paths inside the documents folder), or mend the documents that were skipped.",
  });
}
