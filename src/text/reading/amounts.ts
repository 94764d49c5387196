import type { Lexicon } from "../grammars/lexicon.ts";
import type { Amount } from "./amount.ts";
import { halfAt, inWords } from "./amounts-in-words.ts";
import { numberOf, scientific } from "./digits.ts";
import { hanNumeral, readHanNumeral } from "./han-numerals.ts";
import type { Item } from "./item.ts";
import { matchAt } from "./match-at.ts";

const vulgar: Record<string, number> = Object.fromEntries(
  [..."½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"].map((char) => {
    const [over, under] = char.normalize("NFKC").split("⁄").map(Number);
    return [char, over! / under!];
  }),
);
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const feetInches = /(\d{1,2})'(?: ?(\d{1,2})")?/uy;
const fraction = /(?:(\d+) )?(\d{1,3})\/(\d{1,3})(?![\d/])/uy;
const power = /(?:(\d+(?:\.\d+)?) ?[x×·*] ?)?(\d{1,3})(?:\^(-?\d{1,2})|([⁰¹²³⁴-⁹]+))(?![\d\p{L}])/uy;

/** The amount that begins at a place of a text, in digits or words. */
export function amountAt(items: Item[], start: number, text: string, lexicon: Lexicon): Amount | undefined {
  const plain = { ordinal: false, weak: false, inDigits: true };
  const exponent = matchAt(power, text, start);
  if (exponent && (exponent[1] === undefined || exponent[2] === "10")) {
    const [whole, factor = "1", base, written, raised = ""] = exponent;
    const by = written ?? [...raised].map((char) => superscripts.indexOf(char)).join("");
    return { ...plain, value: Number(factor) * Number(base) ** Number(by), end: start + whole.length };
  }
  const float = matchAt(scientific, text, start);
  if (float) return { ...plain, value: Number(float[0]), end: start + float[0].length };
  const parts = matchAt(fraction, text, start);
  if (parts && Number(parts[3]) > 0 && !/[/\d]$/u.test(text.slice(0, start)))
    return {
      ...plain,
      value: Number(parts[1] ?? 0) + Number(parts[2]) / Number(parts[3]),
      end: start + parts[0].length,
      ...(parts[1] === undefined && { over: [Number(parts[2]), Number(parts[3])] as const }),
    };
  const height = matchAt(feetInches, text, start);
  if (height && height[2] !== undefined)
    return {
      ...plain,
      value: Number(height[1]) + Number(height[2]) / 12,
      end: start + height[0].length,
      unit: "ft",
    };
  const char = text[start] ?? "";
  if (vulgar[char] !== undefined) return { ...plain, value: vulgar[char], end: start + 1 };
  const index = items.findIndex((item) => item.start === start);
  const item = items[index];
  if (item?.kind === "number") return inDigits(items, index, text, lexicon);
  if (item?.kind !== "word") return undefined;
  return inHan(items, index, text, lexicon) ?? inWords(items, index, text, lexicon);
}

function inDigits(items: Item[], index: number, text: string, lexicon: Lexicon): Amount | undefined {
  const item = items[index]!;
  let value = numberOf(item.text, lexicon.language);
  if (value === undefined) return undefined;
  let { end } = item;
  const small = /^ ?([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])/u.exec(text.slice(end));
  if (small) [value, end] = [value + vulgar[small[1]!]!, end + small[0].length];
  const raised = /^[⁰¹²³⁴-⁹]+/u.exec(text.slice(end));
  if (raised)
    [value, end] = [
      value ** Number([...raised[0]].map((char) => superscripts.indexOf(char)).join("")),
      end + raised[0].length,
    ];
  const suffix = /^(?:st|nd|rd|th|er|ère|e|º|ª|ème|-?й|-?я|-?го)(?!\p{L})/u.exec(text.slice(end));
  if (suffix) return { value, end: end + suffix[0].length, ordinal: true, weak: false, inDigits: true };
  const half = halfAt(items, end, text, lexicon);
  if (half) [value, end] = [value + 0.5, half];
  return { value, end, ordinal: false, weak: false, inDigits: true };
}

function inHan(items: Item[], index: number, text: string, lexicon: Lexicon): Amount | undefined {
  const item = items[index]!;
  if (!/^(?:zh|ja)$/u.test(lexicon.language.code) || !new RegExp(`^${hanNumeral}$`, "u").test(item.text))
    return undefined;
  const value = readHanNumeral(item.text);
  // A single `一` or `千` is part of other words more often than a number.
  const counted =
    /^(?:[个個元块円天日岁歲层層届人名公千米年月周小分秒度%点倍次楼階時间間号號本匹台頭枚]|以)/u.test(
      text.slice(item.end),
    );
  if (value === undefined || (item.text.length === 1 && !counted && item.text !== text)) return undefined;
  // `两个半小时`
  const half = halfAt(items, item.end, text, lexicon);
  return {
    value: value + (half === undefined ? 0 : 0.5),
    end: half ?? item.end,
    ordinal: text.slice(0, item.start).endsWith("第"),
    weak: false,
    inDigits: false,
  };
}
