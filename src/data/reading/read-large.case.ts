import type { ByteSource } from "../../platform/index.ts";
import { readExampleRows } from "./read-examples.ts";

const count = 5_000;
const long = "x".repeat(20_000);

/** Records of one length each, after one of its own and before another, so that a place in the file tells what is there. */
function made(name: string, first: string, record: string, last: string): ByteSource {
  const size = first.length + count * record.length + last.length;
  const bytes = Buffer.from(record);
  return {
    name,
    size,
    read(offset, length) {
      const piece = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const place = offset + at;
        const inRecords = place - first.length;
        const [source, start] =
          inRecords < 0
            ? [Buffer.from(first), place]
            : inRecords < count * bytes.length
              ? [bytes, inRecords % bytes.length]
              : [Buffer.from(last), inRecords - count * bytes.length];
        const part = source.subarray(start, start + length - at);
        piece.set(part, at);
        at += part.length;
      }
      return piece;
    },
    close: () => {},
  };
}

const line = JSON.stringify({ prompt: long, completion: "A" });
for (const source of [
  made("a.jsonl", "", `${line}\n`, ""),
  made("a.json", "[", `${line},`, `${line}]`),
  made("a.csv", "prompt,completion\n", `${long},A\n`, ""),
]) {
  let read = source.name === "a.json" ? -1 : 0;
  for await (const row of readExampleRows(source, source.name)) if ("example" in row.read) read++;
  console.log(source.name.split(".")[1], read);
}
