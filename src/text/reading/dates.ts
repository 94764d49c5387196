import type { Figure } from "./figure.ts";
import { readHanNumeral } from "./han-numerals.ts";
import type { Lexicon } from "../grammars/lexicon.ts";
import { runOfWords } from "./run-of-words.ts";
import { readNumberWords } from "./number-words.ts";
import type { Item } from "./item.ts";

type Dated = Extract<Figure, { kind: "date" }>;

const numeral = String.raw`(\d{1,4}|[〇零一二三四五六七八九十]+)`;
const patterns: {
  pattern: RegExp;
  read: (groups: string[], lexicon: Lexicon) => Partial<Dated> | undefined;
}[] = [
  {
    pattern: /(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d.]\d)(?!\d)/uy,
    read: ([, y, , m, d]) => ymd(y!, m!, d!),
  },
  {
    // Day and month by the language's order, or the only one that is a date.
    pattern: /(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2}(?=\D|$))(?!\d)/uy,
    read: ([, a, mark, b, y], { language }) =>
      mark !== "." && language.code === "en"
        ? (ymd(y!, a!, b!) ?? ymd(y!, b!, a!))
        : (ymd(y!, b!, a!) ?? ymd(y!, a!, b!)),
  },
  {
    // `It costs 2.05.` ends with a number where the decimal sign is a point; none opens with a nought before a digit.
    pattern: /(\d{1,2})\.(\d{1,2})\.(?!\d)/uy,
    read: ([, d, m], { language }) =>
      language.decimal === "." && !/^0\d/u.test(d!) ? undefined : ymd(null, m!, d!),
  },
  {
    pattern: new RegExp(`${numeral}年(?:${numeral}月(?:${numeral}[日号號])?)?(?!間)`, "uy"),
    read: ([, y, m, d]) => (han(y!) >= 1000 ? ymd(y!, m ?? null, d ?? null) : undefined),
  },
  { pattern: new RegExp(`${numeral}月${numeral}[日号號]`, "uy"), read: ([, m, d]) => ymd(null, m!, d!) },
  {
    pattern: /(?:(\d{4})년 ?)?(\d{1,2})월 ?(\d{1,2})일/uy,
    read: ([, y, m, d]) => ymd(y ?? null, m!, d!),
  },
];

const han = (text: string): number =>
  /^\d/u.test(text) ? Number(text) : (readHanNumeral(text) ?? Number.NaN);

function ymd(year: string | null, month: string | null, day: string | null): Partial<Dated> | undefined {
  const [y, m, d] = [year, month, day].map((part) => (part === null ? null : han(part))) as (number | null)[];
  if (m !== null && m !== undefined && !(m >= 1 && m <= 12)) return undefined;
  if (d !== null && d !== undefined && !(d >= 1 && d <= 31)) return undefined;
  const full =
    y !== null && y !== undefined && year!.length === 2 && /^\d/u.test(year!) ? 2000 + y : (y ?? null);
  return { year: full, month: m ?? null, day: d ?? null };
}

/** Dates in digits, months with what belongs to them, days of the week. */
export function readDates(items: Item[], text: string, lexicon: Lexicon): Item[] {
  const read: Item[] = [];
  for (let at = 0; at < items.length;) {
    const found = dateInDigits(items, at, text, lexicon) ?? dateInWords(items, at, text, lexicon);
    if (found === undefined) read.push(items[at++]!);
    else {
      const [first, last] = [items[at]!, items[found.next - 1]!];
      const figure: Dated = {
        kind: "date",
        year: null,
        month: null,
        day: null,
        weekday: null,
        ...found.date,
      };
      read.push({ ...first, kind: "figure", text: text.slice(first.start, last.end), end: last.end, figure });
      at = found.next;
    }
  }
  return read;
}

interface Found {
  date: Partial<Dated>;
  /** Index of the item after it. */
  next: number;
}

function dateInDigits(items: Item[], at: number, text: string, lexicon: Lexicon): Found | undefined {
  const { start, kind } = items[at]!;
  if (
    kind === "mark" ||
    (/[\p{L}\d.,/]$/u.test(text.slice(0, start)) &&
      !/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}]$/u.test(text.slice(0, start)))
  )
    return undefined;
  for (const { pattern, read } of patterns) {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    const date = match ? read(match, lexicon) : undefined;
    if (!match || !date) continue;
    const end = start + match[0].length;
    const next = items.findIndex((item) => item.start >= end);
    return { date, next: next < 0 ? items.length : next };
  }
  return undefined;
}

function dateInWords(items: Item[], at: number, text: string, lexicon: Lexicon): Found | undefined {
  const weekday = lookUp(items, at, lexicon.weekdays);
  if (weekday && isName(items, at, weekday.next, text))
    return { date: { weekday: weekday.value }, next: weekday.next };
  const day = dayAt(items, at, lexicon);
  let next = skip(items, day?.next ?? at, /^(?:of|the|de|del|di|d'|den|в)$|^\.$/u, day !== undefined);
  const month = lookUp(items, next, lexicon.months);
  if (!month || !isMonth(items, next, month.next, text, lexicon, day !== undefined)) return undefined;
  next = month.next;
  let inMonth = day?.value;
  if (inMonth === undefined) {
    const from = skip(items, next, /^(?:the|\.)$/u, true);
    const after = dayAt(items, from, lexicon);
    if (after && yearAt(items, from, lexicon) === undefined) [inMonth, next] = [after.value, after.next];
  }
  const from = skip(items, next, /^(?:of|de|del|,|\.|st|nd|rd|th)$/u, true);
  const year = yearAt(items, from, lexicon);
  let end = next;
  if (year) end = skip(items, year.next, /^(?:года|году|г)$/u, true);
  return { date: { month: month.value, day: inMonth ?? null, year: year?.value ?? null }, next: end };
}

function skip(items: Item[], at: number, pattern: RegExp, allowed: boolean): number {
  let next = at;
  while (allowed && next - at < 2 && items[next] && pattern.test(items[next]!.folded)) next++;
  return next;
}

function lookUp(
  items: Item[],
  at: number,
  names: ReadonlyMap<string, number>,
): { value: number; next: number } | undefined {
  for (let length = 3; length > 0; length -= 2) {
    const name = items
      .slice(at, at + length)
      .map((item) => item.folded)
      .join("");
    const value = items.length >= at + length ? names.get(name) : undefined;
    if (value !== undefined && items[at]!.kind === "word") return { value, next: at + length };
  }
  return undefined;
}

/** `Mon`, `mar` and the like are other words as well: short ones need a capital or a full stop, two letters the stop. */
function isName(items: Item[], at: number, next: number, text: string): boolean {
  const { text: name } = items[at]!;
  if (next - at > 1 || name.length > 4 || /[^\p{Script=Latin}\p{Script=Cyrillic}]/u.test(name)) return true;
  const after = text.slice(items[next - 1]!.end);
  if (name.length === 2) return /^\p{Lu}/u.test(name) && /^(?:\.|-|,|$)/u.test(after);
  return /^\p{Lu}/u.test(name) || after.startsWith(".");
}

function isMonth(
  items: Item[],
  at: number,
  next: number,
  text: string,
  { language }: Lexicon,
  hasDay: boolean,
): boolean {
  const name = items[at]!;
  // `Nobody under 16 may dive`
  if (language.code === "en" && name.text === "may" && items[next]?.kind === "word") return false;
  const ambiguous =
    (language.code === "en" && /^(?:may|march|mar|dec|sep)$/u.test(name.folded)) ||
    (name.text.length <= 3 && !/[^\p{Script=Latin}]/u.test(name.text));
  if (!ambiguous || hasDay || items[next]?.kind === "number" || /^\. ?\d/u.test(text.slice(name.end)))
    return true;
  // `In May`, `May` alone; not `It may be` nor `May I`.
  const rest = text.slice(name.end);
  return (
    /^\p{Lu}/u.test(name.text) && (/^\P{L}*$/u.test(rest) || at > 0) && !/^ (?:I|we|they|you)\b/u.test(rest)
  );
}

function dayAt(items: Item[], at: number, lexicon: Lexicon): { value: number; next: number } | undefined {
  const item = items[at];
  if (item?.kind === "number" && /^\d{1,2}$/u.test(item.text)) {
    const value = Number(item.text);
    const suffix = items[at + 1];
    const ordinal = suffix?.start === item.end && /^(?:st|nd|rd|th|er|º|ª|\.)$/u.test(suffix.folded);
    return value >= 1 && value <= 31 ? { value, next: at + (ordinal ? 2 : 1) } : undefined;
  }
  if (item?.kind !== "word") return undefined;
  const words = runOfWords(items, at, 4);
  const worded = readNumberWords(
    words.map((each) => each.folded),
    0,
    lexicon,
  );
  if (!worded || worded.value < 1 || worded.value > 31 || worded.value % 1 !== 0) return undefined;
  return { value: worded.value, next: items.indexOf(words[worded.length - 1]!) + 1 };
}

function yearAt(items: Item[], at: number, lexicon: Lexicon): { value: number; next: number } | undefined {
  const item = items[at];
  if (item?.kind === "number" && /^[12]\d{3}$/u.test(item.text))
    return { value: Number(item.text), next: at + 1 };
  if (item?.kind !== "word") return undefined;
  const words = runOfWords(items, at, 6);
  const worded = readNumberWords(
    words.map((each) => each.folded),
    0,
    lexicon,
  );
  return worded && worded.value >= 1000 && worded.value < 3000
    ? { value: worded.value, next: items.indexOf(words[worded.length - 1]!) + 1 }
    : undefined;
}
