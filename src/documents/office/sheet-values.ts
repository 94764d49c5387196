import { child, childrenOf, type XmlNode } from "../text/read-xml.ts";

/** Formats that a workbook need not define: dates and times, percents. (ECMA-376, 18.8.30.) */
const builtIn: Record<number, string> = {
  9: "0%",
  10: "0.00%",
  14: "yyyy-mm-dd",
  15: "d-mmm-yy",
  16: "d-mmm",
  17: "mmm-yy",
  18: "h:mm AM/PM",
  19: "h:mm:ss AM/PM",
  20: "h:mm",
  21: "h:mm:ss",
  22: "m/d/yy h:mm",
  45: "mm:ss",
  46: "[h]:mm:ss",
  47: "mm:ss.0",
};

/** Numbers as they are meant: dates by ISO 8601, percents, amounts with their currency; else the number as stored. */
export function createCellFormat(
  styles: XmlNode | undefined,
  isFrom1904: boolean,
): (value: string, style: number) => string {
  const custom = new Map(
    childrenOf(child(styles, "numFmts"), "numFmt").map(({ attributes }) => [
      Number(attributes["numFmtId"]),
      attributes["formatCode"] ?? "",
    ]),
  );
  const codes = childrenOf(child(styles, "cellXfs"), "xf").map(({ attributes }) => {
    const id = Number(attributes["numFmtId"] ?? 0);
    return custom.get(id) ?? builtIn[id] ?? "";
  });
  return (value, style) => formatNumber(value, codes[style] ?? "", isFrom1904);
}

export function formatNumber(value: string, code: string, isFrom1904: boolean): string {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return value;
  const [positive = ""] = code.split(";");
  const plain = positive.replace(/"[^"]*"|\\.|_.|\*./g, "");
  const symbols = plain.replace(/\[[^\]]*\]/g, "");
  const elapsed = /\[(?:h+|m+|s+)\]/i.test(plain);
  if (elapsed || (/[ymdhs]/i.test(symbols) && !/general|[#0?]/i.test(symbols.replace(/\.0+/g, "")))) {
    return formatDate(number, symbols, elapsed, isFrom1904);
  }
  if (symbols.includes("%")) return `${shortest(number * 100)}%`;
  const currency =
    /\[\$([^\]-]+)(?:-[^\]]*)?\]/.exec(positive)?.[1] ??
    /"?\s*([$€£¥₽₹]|USD|EUR|CHF|GBP)\s*"?/.exec(positive.replace(/\[[^\]]*\]/g, ""))?.[1];
  return currency === undefined ? shortest(number) : `${shortest(number)} ${currency}`;
}

/** Excel keeps 15 digits, and shows no more. */
const shortest = (number: number): string => {
  const digits = String(Number(number.toPrecision(15)));
  return /e/.test(digits)
    ? number.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 })
    : digits;
};

/** Days since the end of 1899, or of 1903 on old Macs; 1900 counts as a leap year. */
function formatDate(serial: number, symbols: string, elapsed: boolean, isFrom1904: boolean): string {
  const seconds = Math.round((serial % 1) * 86_400);
  const clock = (total: number): string => {
    const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
    return (parts[2] === 0 ? parts.slice(0, 2) : parts)
      .map((part) => String(part).padStart(2, "0"))
      .join(":");
  };
  if (elapsed) return clock(Math.round(serial * 86_400));
  const hasDate = /[yd]/i.test(symbols) || /m{3,}/i.test(symbols);
  if (!hasDate) return clock(((seconds % 86_400) + 86_400) % 86_400);
  const days = Math.floor(serial) + (isFrom1904 ? 1462 : serial < 60 ? 1 : 0);
  const date = new Date(Date.UTC(1899, 11, 30) + days * 86_400_000);
  if (Number.isNaN(date.getTime())) return shortest(serial);
  const day = date.toISOString().slice(0, 10);
  return /[hs]/i.test(symbols) && seconds > 0 ? `${day} ${clock(seconds)}` : day;
}
