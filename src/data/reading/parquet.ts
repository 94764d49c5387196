import type { AsyncBuffer } from "hyparquet";
import { LoragError } from "../../contracts/index.ts";
import type { ByteSource } from "../../platform/index.ts";
import type { Row } from "./row.ts";

/** Rows in memory at a time. */
const batch = 1000;

/** The rows of an Apache Parquet file, a part at a time. Throws LORAG_EXAMPLES_INVALID for one that is damaged. */
export async function* readParquet(source: ByteSource): AsyncGenerator<Row> {
  const { parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const file: AsyncBuffer = {
    byteLength: source.size,
    slice: (start, end = source.size) => source.read(start, Math.min(end, source.size) - start).buffer,
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    const total = Number(metadata.num_rows);
    for (let start = 0; start < total; start += batch) {
      const rows = await parquetReadObjects({
        file,
        metadata,
        compressors,
        rowStart: start,
        rowEnd: Math.min(start + batch, total),
      });
      for (const [offset, row] of rows.entries()) {
        const number = start + offset + 1;
        yield { place: `row ${number}`, number, value: plain(row) as Record<string, unknown> };
      }
    }
  } catch (cause) {
    if (cause instanceof LoragError && cause.code !== "LORAG_OUT_OF_FILE") throw cause;
    throw new LoragError({
      code: "LORAG_EXAMPLES_INVALID",
      kind: "data",
      message: `${source.name} is a Parquet file that cannot be read: ${(cause as Error).message}`,
      next: "Write the file again; it may have been cut off when it was copied.",
      cause,
    });
  }
}

/** Whole numbers of 64 bits, dates and typed arrays as JSON has them; a number too large to keep its digits is a text. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, "");
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as unknown[], plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
