import { unusable, type Parse } from "../parser.ts";
import { openPackage } from "./open-package.ts";
import { decryptOffice } from "./decrypt-office.ts";

/** Office documents with a password. */
export const parseEncrypted: Parse = async (bytes, name, options) => {
  const plain = decryptOffice(bytes, options.passwords);
  const { names } = await openPackage(plain);
  if (names.some((each) => each.startsWith("word/")))
    return (await import("./parse-docx.ts")).parseDocx(plain, name, options);
  if (names.some((each) => each.startsWith("xl/")))
    return (await import("./parse-xlsx.ts")).parseXlsx(plain, name, options);
  if (names.some((each) => each.startsWith("ppt/")))
    return (await import("./parse-pptx.ts")).parsePptx(plain, name, options);
  throw unusable(
    "LORAG_UNSUPPORTED_FORMAT",
    "what it holds, once decrypted, was not recognised",
    "Save a copy without a password.",
  );
};
