import type { Figure } from "./figure.ts";
import { readHanNumeral } from "./han-numerals.ts";
import type { Lexicon } from "../grammars/lexicon.ts";
import { runOfWords } from "./run-of-words.ts";
import { readNumberWords } from "./number-words.ts";
import type { Item } from "./item.ts";

type Clock = Extract<Figure, { kind: "time" }>["clock"];
interface Found {
  minutes: number;
  clock: Clock;
  next: number;
  /** A time even without a part of the day beside it. */
  sure: boolean;
}

const hourMinute =
  /(\d{1,2})(?::(\d{2})(?::\d{2})?|\.(\d{2})(?= ?(?:[ap]\.? ?m\b|Uhr|uur|hrs))|(?<=(?<!\p{L})(?:kl\.?|klo|klockan|klokken|ore|orele|saat|godz\.?) ?\d{1,2})\.([0-5]\d)(?![.,]?\d)| ?h ?(\d{2})(?! ?m)|(?<=(?<!\d)0\d)\.(00|1[3-9]|[2-5]\d)(?![.,]?\d))(?![\d:])/iuy;
const half = "(?:am|pm)";

/** Times of day: by 24 hours, by 12 with its half, in words, by name. */
export function readTimes(items: Item[], text: string, lexicon: Lexicon): Item[] {
  const read: Item[] = [];
  for (let at = 0; at < items.length;) {
    const found = items[at]!.kind === "figure" ? undefined : timeAt(items, at, text, lexicon);
    if (found === undefined) read.push(items[at++]!);
    else {
      const [first, last] = [items[at]!, items[found.next - 1]!];
      const figure: Figure = {
        kind: "time",
        minutes: ((found.minutes % 1440) + 1440) % 1440,
        clock: found.clock,
      };
      read.push({ ...first, kind: "figure", text: text.slice(first.start, last.end), end: last.end, figure });
      at = found.next;
    }
  }
  return read;
}

function timeAt(items: Item[], at: number, text: string, lexicon: Lexicon): Found | undefined {
  const before = wordedDayPart(items, at, lexicon);
  const from = before ? at + 1 : at;
  const bare =
    hanTime(items, from, text) ??
    digits(items, from, text) ??
    inWords(items, from, lexicon) ??
    byName(items, from, lexicon) ??
    bareHour(items, from, text, lexicon);
  if (bare === undefined) return undefined;
  const past = bare.clock === "vague" || bare.sure ? pastHour(items, from, bare, text, lexicon) : undefined;
  if (past !== undefined)
    [bare.minutes, bare.next, bare.sure] = [bare.minutes + past.minutes, past.next, true];
  const after = before ?? partAfter(items, bare.next, lexicon);
  if (after === undefined) return bare.sure ? bare : undefined;
  if (bare.minutes >= 13 * 60) return { ...bare, next: after.next ?? bare.next };
  const hour = bare.minutes % 720;
  return {
    minutes: after.afternoon ? hour + 720 : hour,
    clock: "12",
    next: Math.max(after.next ?? 0, bare.next),
    sure: true,
  };
}

/** `y cuarto` of `las nueve y cuarto`; an amount may be meant where no article or the like stands before it. */
function pastHour(
  items: Item[],
  at: number,
  { next }: Found,
  text: string,
  { language: { pastHour: words } }: Lexicon,
): { minutes: number; next: number } | undefined {
  if (words === undefined) return undefined;
  const { after, minutes } = words;
  const before = text.slice(0, items[at]!.start);
  if (after !== undefined && !new RegExp(`(?<!\\p{L})(?:${after}) ?$`, "iu").test(before)) return undefined;
  const { end } = items[next - 1]!;
  for (const [phrase, moved] of Object.entries(minutes)) {
    const match = new RegExp(`^ ${phrase}(?!\\p{L})`, "iu").exec(text.slice(end));
    if (match === null) continue;
    const behind = items.findIndex((item) => item.start >= end + match[0].length);
    return { minutes: moved, next: behind < 0 ? items.length : behind };
  }
  return undefined;
}

/** `in the afternoon`, `p.m.`, `утра` after a time. */
function partAfter(
  items: Item[],
  at: number,
  lexicon: Lexicon,
): { afternoon: boolean; next?: number } | undefined {
  for (let next = at; next < Math.min(at + 4, items.length); next++) {
    const item = items[next]!;
    if (new RegExp(`^${half}$`, "u").test(item.folded) && next === at)
      return { afternoon: item.folded === "pm", next: next + 1 };
    const pair = `${item.folded}-${items[next + 2]?.folded ?? ""}`;
    if (items[next + 1]?.text === "-" && lexicon.afternoon.has(pair))
      return { afternoon: true, next: next + 3 };
    // `5 evening classes` are no hour: where languages need a word between, so do we.
    if (next === at && /^(?:en|fr|es|it|pt)$/u.test(lexicon.language.code)) {
      if (!/^(?:in|at|du|de|da|do|del|di)$/u.test(item.folded)) return undefined;
    }
    if (lexicon.morning.has(item.folded)) return { afternoon: false, next: next + 1 };
    if (lexicon.afternoon.has(item.folded)) return { afternoon: true, next: next + 1 };
    if (item.kind !== "word" || !/^(?:in|at|the|de|la|du|del|di|da|do|l'|oclock|uhr|बजे)$/u.test(item.folded))
      return undefined;
  }
  return undefined;
}

/** `下午 3点`, `सुबह 9`: where the part of the day comes first. */
function wordedDayPart(
  items: Item[],
  at: number,
  lexicon: Lexicon,
): { afternoon: boolean; next?: number } | undefined {
  if (!/^(?:zh|ja|ko|hi|th)$/u.test(lexicon.language.code)) return undefined;
  const word = items[at]!.folded;
  if (lexicon.morning.has(word)) return { afternoon: false };
  return lexicon.afternoon.has(word) ? { afternoon: true } : undefined;
}

function digits(items: Item[], at: number, text: string): Found | undefined {
  const item = items[at];
  if (item?.kind !== "number" || /[\d.,:/]$/u.test(text.slice(0, item.start))) return undefined;
  hourMinute.lastIndex = item.start;
  const match = hourMinute.exec(text);
  if (!match) return undefined;
  const [hour, minute] = [Number(match[1]), Number(match.slice(2).find((group) => group !== undefined))];
  if (hour > 24 || minute > 59) return undefined;
  const end = item.start + match[0].length;
  let next = items.findIndex((each) => each.start >= end);
  if (next < 0) next = items.length;
  const named = /^(?:uhr|uur|hrs|h|बजे|ч|часов)$/u.test(items[next]?.folded ?? "");
  if (named || items[next]?.folded === "o'clock") next++;
  // `5:00` may stand for 5 p.m., `05:00` and `17:00` for nothing else.
  const isOpen = !named && /^[1-9](?!\d)|^1[01]/u.test(item.text) && match[5] === undefined;
  return { minutes: hour * 60 + minute, clock: isOpen ? "open" : "24", next, sure: true };
}

function hanTime(items: Item[], at: number, text: string): Found | undefined {
  const item = items[at];
  if (!item) return undefined;
  const pattern =
    /(\d{1,2}|[〇零一二两兩三四五六七八九十]{1,3})(?:[点點]|時(?!間)|时(?!间)|시(?!간))(?:(半)|(?:钟|鐘|整)| ?(\d{1,2}|[〇零一二三四五六七八九十]{1,3})[分분]?)?/uy;
  pattern.lastIndex = item.start;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const value = (part: string): number => (/^\d/u.test(part) ? Number(part) : (readHanNumeral(part) ?? 0));
  const end = item.start + match[0].length;
  const next = items.findIndex((each) => each.start >= end);
  const minutes = value(match[1]!) * 60 + (match[2] ? 30 : match[3] ? value(match[3]) : 0);
  return { minutes, clock: "24", next: next < 0 ? items.length : next, sure: true };
}

/** A number from 0 to 24 in digits or words, as an hour if something beside it says so. */
function bareHour(items: Item[], at: number, text: string, lexicon: Lexicon): Found | undefined {
  const hour = hourAt(items, at, lexicon);
  if (hour === undefined || /[\d.,:/]$/u.test(text.slice(0, items[at]!.start))) return undefined;
  const after = items[hour.next]?.folded ?? "";
  if (/^(?:o'clock|oclock)$/u.test(after))
    return {
      minutes: hour.value * 60,
      clock: hour.value <= 12 ? "vague" : "24",
      next: hour.next + 1,
      sure: true,
    };
  // `세 시 반`: half past three.
  if (after === "시") {
    const isHalf = items[hour.next + 1]?.folded === "반";
    return {
      minutes: hour.value * 60 + (isHalf ? 30 : 0),
      clock: hour.value <= 12 ? "vague" : "24",
      next: hour.next + (isHalf ? 2 : 1),
      sure: true,
    };
  }
  if (/^(?:uhr|uur|बजे)$/u.test(after))
    return { minutes: hour.value * 60, clock: "24", next: hour.next + 1, sure: true };
  if (hour.value > 12) return undefined;
  return { minutes: hour.value * 60, clock: "vague", next: hour.next, sure: false };
}

/** As they are said before `시`; elsewhere some of them are other words. */
const koreanHours = "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두".split(" ");

function hourAt(items: Item[], at: number, lexicon: Lexicon): { value: number; next: number } | undefined {
  const item = items[at];
  if (item?.kind === "number") {
    const value = /^\d{1,2}$/u.test(item.text) ? Number(item.text) : Number.NaN;
    return value <= 24 ? { value, next: at + 1 } : undefined;
  }
  if (item?.kind !== "word") return undefined;
  const korean = koreanHours.indexOf(item.folded) + 1;
  if (korean > 0 && items[at + 1]?.folded === "시") return { value: korean, next: at + 1 };
  const words = runOfWords(items, at, 2);
  const worded = readNumberWords(
    words.map((each) => each.folded),
    0,
    lexicon,
  );
  if (!worded || worded.ordinal || worded.value > 24 || worded.value < 1) return undefined;
  return { value: worded.value, next: items.indexOf(words[worded.length - 1]!) + 1 };
}

/** `half past five`, `quarter to six`, `ten past four`, `halb sechs`, `Viertel nach drei`. */
function inWords(items: Item[], at: number, lexicon: Lexicon): Found | undefined {
  const word = (index: number): string => items[index]?.folded ?? "";
  const { code, halfTo } = lexicon.language;
  if (halfTo === word(at)) {
    const hour = hourAt(items, at + 1, lexicon);
    if (!hour || hour.value > 12) return undefined;
    return { minutes: hour.value * 60 - 30, clock: "vague", next: hour.next, sure: true };
  }
  const [past, to] = code === "de" ? ["nach", "vor"] : ["past", "to"];
  if (code !== "en" && code !== "de") return undefined;
  const start = code === "en" && word(at) === "a" ? at + 1 : at;
  const quarter = code === "de" ? "viertel" : "quarter";
  let [minutes, next] = [0, start + 1];
  if (word(start) === "half" && code === "en") minutes = 30;
  else if (word(start) === quarter) minutes = 15;
  else {
    const count = hourAt(items, start, lexicon);
    if (!count) return undefined;
    [minutes, next] = [count.value, count.next];
    if (/^(?:minutes?|minuten)$/u.test(word(next))) next++;
  }
  const sign =
    word(next) === past || (code === "en" && word(next) === "after" && minutes === 15)
      ? 1
      : word(next) === to && minutes % 5 === 0 && minutes !== 30
        ? -1
        : 0;
  if (sign === 0) return undefined;
  const hour = hourAt(items, next + 1, lexicon);
  if (!hour || hour.value > 12 || (sign < 0 && minutes !== 15 && items[start]!.kind === "number"))
    return undefined;
  // `ten to twelve` is a range as well; only the quarter is sure.
  if (sign < 0 && minutes !== 15) return undefined;
  return { minutes: hour.value * 60 + sign * minutes, clock: "vague", next: hour.next, sure: true };
}

function byName(items: Item[], at: number, lexicon: Lexicon): Found | undefined {
  for (const length of [3, 1]) {
    const name = items
      .slice(at, at + length)
      .map((item) => item.folded)
      .join("");
    const minutes = lexicon.hours.get(name);
    if (minutes !== undefined && items.length >= at + length)
      return { minutes, clock: "24", next: at + length, sure: true };
  }
  // `12 noon`
  const hour = items[at]?.text === "12" ? lexicon.hours.get(items[at + 1]?.folded ?? "") : undefined;
  return hour === undefined ? undefined : { minutes: hour, clock: "24", next: at + 2, sure: true };
}
