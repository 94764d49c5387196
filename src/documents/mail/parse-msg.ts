import { readTableSource } from "../html/table-source.ts";
import { openCompoundFile } from "../office/compound-file.ts";
import { unusable, type Parse } from "../parser.ts";
import { decodeAs } from "../text/decode-as.ts";
import { decodeText } from "../text/text-encoding.ts";
import { writeMail, type Attachment } from "./write-mail.ts";

/** Outlook messages ([MS-OXMSG]): a compound file with a stream for each property. */
export const parseMsg: Parse = (bytes, name, { keepHidden }) => {
  const { streams } = openCompoundFile(bytes);
  const read = (path: string): Uint8Array | undefined => streams.get(path)?.();
  const codePage = readInteger(read("__properties_version1.0"), 32, 0x3ffd) ?? 1252;
  /** A property as text: UTF-16, or bytes in the message's code page. */
  const text = (property: string, folder = ""): string => {
    const wide = read(`${folder}__substg1.0_${property}001F`);
    if (wide) return Buffer.from(wide).toString("utf16le").replace(/\0+$/, "");
    const narrow = read(`${folder}__substg1.0_${property}001E`);
    return narrow ? (decodeAs(narrow, `cp${codePage}`) ?? decodeText(narrow)).replace(/\0+$/, "") : "";
  };
  const folders = [
    ...new Set(
      [...streams.keys()]
        .map((path) => /^(__(?:recip|attach)_[^/]*\/)/.exec(path)?.[1])
        .filter((path) => path !== undefined),
    ),
  ];
  const person = (folder: string): string => {
    const [shown, address] = [text("3001", folder), text("39FE", folder) || text("3003", folder)];
    return shown !== "" && address !== "" && shown !== address ? `${shown} <${address}>` : shown || address;
  };
  const attachment = (folder: string): Attachment => {
    const called = text("3707", folder) || text("3704", folder) || "without a name";
    const content = read(`${folder}__substg1.0_37010102`);
    if (!content || !/\.(?:txt|text|csv|tsv|log|md)$/i.test(called)) return { kind: "named", name: called };
    return { kind: "text", name: called, text: decodeText(content) };
  };
  const html = read("__substg1.0_10130102");
  const body = text("1000");
  if (body === "" && !html && streams.has("__substg1.0_10090102")) {
    throw unusable(
      "LORAG_UNSUPPORTED_FORMAT",
      "its text is there as compressed RTF only",
      "Save the message as .eml.",
    );
  }
  const [sender, senderAddress] = [text("0C1A"), text("5D01") || text("0C1F")];
  return writeMail(
    {
      subject: text("0037"),
      from: sender === "" ? [] : [senderAddress.includes("@") ? `${sender} <${senderAddress}>` : sender],
      to: folders
        .filter((folder) => folder.startsWith("__recip"))
        .map(person)
        .filter(Boolean),
      date: readTime(read("__properties_version1.0")),
      text: body,
      html: html ? decodeText(html) : text("1013"),
      attachments: folders.filter((folder) => folder.startsWith("__attach")).map(attachment),
    },
    name,
    (source) => readTableSource(source, keepHidden),
  );
};

/** Where a property of fixed size is in the message's table: entries of 16 bytes, tag first. */
function findProperty(table: Uint8Array | undefined, header: number, property: number): DataView | undefined {
  if (!table) return undefined;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  for (let at = header; at + 16 <= view.byteLength; at += 16) {
    if (view.getUint32(at, true) >>> 16 === property)
      return new DataView(table.buffer, table.byteOffset + at, 16);
  }
  return undefined;
}

const readInteger = (table: Uint8Array | undefined, header: number, property: number): number | undefined =>
  findProperty(table, header, property)?.getUint32(8, true);

/** When it was sent: tenths of microseconds since 1601. */
function readTime(table: Uint8Array | undefined): string {
  const found = findProperty(table, 32, 0x0039) ?? findProperty(table, 32, 0x0e06);
  const ticks = found?.getBigUint64(8, true);
  if (ticks === undefined || ticks === 0n) return "";
  const date = new Date(Number(ticks / 10_000n) - 11_644_473_600_000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
