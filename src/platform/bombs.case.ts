import { constants, deflateRawSync } from "node:zlib";
import { makeZip, type ZipMember } from "./zip.case.ts";

/** A file that is small and would become large, or slow: each is to be refused. */
export interface Bomb {
  name: string;
  bytes: Uint8Array;
}

const mainParts: [extension: string, path: string, before: ZipMember[]][] = [
  ["docx", "word/document.xml", []],
  ["xlsx", "xl/workbook.xml", []],
  ["pptx", "ppt/presentation.xml", []],
  ["odt", "content.xml", [{ name: "mimetype", data: "application/vnd.oasis.opendocument.text" }]],
  ["epub", "META-INF/container.xml", [{ name: "mimetype", data: "application/epub+zip" }]],
];

/** Each `&aN;` stands for ten of the one before. */
const laughs = `<!DOCTYPE x [<!ENTITY a0 "ha">${Array.from(
  { length: 12 },
  (_, index) => `<!ENTITY a${index + 1} "${`&a${index};`.repeat(10)}">`,
).join("")}]><x>&a12;</x>`;
const quadratic = `<!DOCTYPE x [<!ENTITY a "${"a".repeat(50_000)}">]><x>${"&a;".repeat(20_000)}</x>`;
const outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>';
const parameter = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]><x/>';
const deep = `${"<x>".repeat(200_000)}${"</x>".repeat(200_000)}`;

/** Forty of them: five kinds of zip for each of five formats, and five kinds of XML in three of them. */
export function makeBombs(): Bomb[] {
  const [packed, unpackedSize] = packBlanks(220);
  const bombs: Bomb[] = [];
  const add = (kind: string, extension: string, bytes: Uint8Array): void =>
    void bombs.push({ name: `${kind}.${extension}`, bytes: new Uint8Array(bytes) });
  for (const [extension, path, before] of mainParts) {
    const main = { name: path, data: "<x/>" };
    const large = makeZip([...before, main, { name: "filler.xml", data: "" }]);
    add("true-size", extension, withPacked(large, packed, unpackedSize));
    add("lying-size", extension, withPacked(large, packed, 100));
    const many = Array.from({ length: 10_001 }, (_, index) => ({ name: `part${index}.xml`, data: "" }));
    add("many-entries", extension, makeZip([...before, main, ...many]));
    add(
      "twice",
      extension,
      makeZip([...before, main, { name: "a.xml", data: "1" }, { name: "a.xml", data: "2" }]),
    );
    add("climbing", extension, makeZip([...before, main, { name: "../../outside.xml", data: "1" }]));
  }
  const sources = { laughs, quadratic, outside, parameter, deep };
  for (const [kind, xml] of Object.entries(sources)) {
    for (const [extension, path, before] of mainParts.slice(0, 2)) {
      add(kind, extension, makeZip([...before, { name: path, data: xml }]));
    }
    add(kind, "xml", Buffer.from(`<?xml version="1.0"?>${xml}`));
  }
  return bombs;
}

/** Blanks, packed without being made: a piece that refers to nothing before it may stand any number of times. */
function packBlanks(mebibytes: number): [packed: Buffer, unpackedSize: number] {
  const piece = deflateRawSync(Buffer.alloc(2 ** 20, " "), { finishFlush: constants.Z_FULL_FLUSH });
  const end = Buffer.from([3, 0]); // an empty last block
  return [Buffer.concat([...Array.from({ length: mebibytes }, () => piece), end]), mebibytes * 2 ** 20];
}

/** The archive with the content of its last member replaced, and its sizes told as `declared`. */
function withPacked(zip: Buffer, packed: Buffer, declared: number): Buffer {
  const name = "filler.xml";
  const local = zip.lastIndexOf(name, zip.indexOf("PK\x01\x02", 0, "latin1")) - 30;
  const central = zip.indexOf("PK\x01\x02", 0, "latin1");
  const head = Buffer.from(zip.subarray(0, local + 30 + name.length));
  const directory = Buffer.from(zip.subarray(central));
  head.writeUInt32LE(packed.length, local + 18);
  head.writeUInt32LE(declared, local + 22);
  const own = directory.lastIndexOf(name) - 46;
  directory.writeUInt32LE(packed.length, own + 20);
  directory.writeUInt32LE(declared, own + 24);
  const end = directory.lastIndexOf("PK\x05\x06", undefined, "latin1");
  directory.writeUInt32LE(head.length + packed.length, end + 16);
  return Buffer.concat([head, packed, directory]);
}
