import { windows1252 } from "../../text/index.ts";

/** Bytes in a named encoding; undefined where they are not in it, or nothing has that name. */
export function decodeAs(bytes: Uint8Array, encoding: string): string | undefined {
  if (/^(windows-1252|cp-?1252|iso-?8859-1|latin-?1|us-ascii|ascii)$/i.test(encoding))
    return decodeWindows1252(bytes);
  try {
    return new TextDecoder(labelOf(encoding), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** `cp1250`, as Python and mail programs call it, is `windows-1250` to the web. */
function labelOf(encoding: string): string {
  const page = /^(?:cp|win|windows)[-_]?(\d+)$/i.exec(encoding)?.[1];
  if (page === undefined) return encoding;
  if (page === "936" || page === "54936") return "gb18030";
  if (page === "932") return "shift_jis";
  if (page === "949" || page === "51949") return "euc-kr";
  if (page === "950") return "big5";
  if (page === "866") return "ibm866";
  if (page === "65001") return "utf-8";
  return `windows-${page}`;
}

/** By hand, since Node 20's TextDecoder takes these labels for Latin-1 and so makes control characters of quotes. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return latin1.replace(/[\u0080-\u009f]/g, (character) => windows1252[character.charCodeAt(0) - 0x80]!);
}
