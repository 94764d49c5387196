import { format, isDateFormat } from "numfmt";
import { child, childrenOf, type XmlNode } from "../text/read-xml.ts";

/**
 * Formats that a workbook need not define (ECMA-376, 18.8.30). Those that each machine shows in its own way (14, 22 and
 * the ones of East Asian calendars) are written by ISO 8601.
 */
const builtIn: Record<number, string> = {
  1: "0",
  2: "0.00",
  3: "#,##0",
  4: "#,##0.00",
  9: "0%",
  10: "0.00%",
  11: "0.00E+00",
  12: "# ?/?",
  13: "# ??/??",
  14: "yyyy-mm-dd",
  15: "d-mmm-yy",
  16: "d-mmm",
  17: "mmm-yy",
  18: "h:mm AM/PM",
  19: "h:mm:ss AM/PM",
  20: "h:mm",
  21: "h:mm:ss",
  22: "yyyy-mm-dd h:mm",
  37: "#,##0;(#,##0)",
  38: "#,##0;(#,##0)",
  39: "#,##0.00;(#,##0.00)",
  40: "#,##0.00;(#,##0.00)",
  45: "mm:ss",
  46: "[h]:mm:ss",
  47: "mm:ss.0",
  48: "##0.0E+0",
  ...Object.fromEntries([27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, "yyyy-mm-dd"])),
  ...Object.fromEntries([32, 33, 34, 35, 55, 56].map((id) => [id, "h:mm:ss"])),
};

/** The format code of each style of cell. */
export function readFormatCodes(styles: XmlNode | undefined): string[] {
  const custom = new Map(
    childrenOf(child(styles, "numFmts"), "numFmt").map(({ attributes }) => [
      Number(attributes["numFmtId"]),
      attributes["formatCode"] ?? "",
    ]),
  );
  return childrenOf(child(styles, "cellXfs"), "xf").map(({ attributes }) => {
    const id = Number(attributes["numFmtId"] ?? 0);
    return custom.get(id) ?? builtIn[id] ?? "";
  });
}

/** A format that shows nothing, whatever the value. */
export const showsNothing = (code: string): boolean => /^\s*;;;?\s*$/.test(code);

/** Days from the end of 1899 to the start of 1904, where workbooks of old Macs begin to count. */
const to1904 = 1462;

/** A number as its cell shows it. Where a cell is without a format, or has one that cannot be read: its digits. */
export function formatNumber(value: string, code: string, isFrom1904: boolean): string {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return value;
  // A number of more digits than a spreadsheet can hold is a mark of something: none of its digits is dropped.
  if (/^-?\d{16,}$/.test(value) && /^(?:general|[#0@]*)$/i.test(code)) return value;
  if (/^(?:general|@|)$/i.test(code)) return shortest(number);
  try {
    if (isDateFormat(code) && number < 0) return shortest(number);
    const isDay = isDateFormat(code) && !/\[(?:h+|m+|s+)\]/i.test(code);
    const shown = format(code, isDay && isFrom1904 ? number + to1904 : number);
    return /^#+$/.test(shown) ? shortest(number) : shown.trim();
  } catch {
    return shortest(number);
  }
}

/** Excel keeps 15 digits, and shows no more. */
const shortest = (number: number): string => {
  const digits = String(Number(number.toPrecision(15)));
  return /e/.test(digits)
    ? number.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 })
    : digits;
};
