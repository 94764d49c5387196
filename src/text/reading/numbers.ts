import { runOfWords } from "./run-of-words.ts";
import type { Figure, NumberFigure } from "./figure.ts";
import { hanNumeral, readHanNumeral } from "./han-numerals.ts";
import type { Grammar } from "../grammars/grammar.ts";
import type { Lexicon } from "../grammars/lexicon.ts";
import { readNumberWords } from "./number-words.ts";
import type { Item } from "./item.ts";
import { currencyBefore, symbolAfter, unitOf, type Unit } from "./units.ts";

/** Digits as a number by the language's separators; undefined for what is no amount in any (`1.2.3`). */
export function numberOf(digits: string, { decimal }: Pick<Grammar, "decimal">): number | undefined {
  const plain = digits.replace(/[ ']/gu, "");
  const [commas, dots] = [plain.split(",").length - 1, plain.split(".").length - 1];
  const groups = (mark: string): boolean =>
    new RegExp(`^[1-9]\\d{0,2}(?:[${mark}]\\d{3})+$`, "u").test(plain) ||
    (mark === "," && /^[1-9]\d?(?:,\d{2})+,\d{3}$/u.test(plain));
  if (commas > 0 && dots > 0) {
    const last = Math.max(plain.lastIndexOf(","), plain.lastIndexOf("."));
    return Number(`${plain.slice(0, last).replace(/[.,]/gu, "")}.${plain.slice(last + 1)}`);
  }
  if (commas > 1) return groups(",") ? Number(plain.replaceAll(",", "")) : undefined;
  if (dots > 1) return groups(".") ? Number(plain.replaceAll(".", "")) : undefined;
  if (commas === 1) return Number(plain.replace(",", groups(",") && decimal === "." ? "" : "."));
  if (dots === 1) return Number(groups(".") && decimal === "," ? plain.replace(".", "") : plain);
  return Number(plain);
}

const vulgar: Record<string, number> = Object.fromEntries(
  [..."½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"].map((char) => {
    const [over, under] = char.normalize("NFKC").split("⁄").map(Number);
    return [char, over! / under!];
  }),
);
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const magnitudes: Record<string, number> = { k: 1000, K: 1000, M: 1e6, bn: 1e9, B: 1e9, mn: 1e6, m: 1 };
const phone = /\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,}|\d{3}[ -]0\d{3}(?!\d)/uy;
const version = /[vV]\d+(?:\.\d+)+(?!\d)|\d+(?:\.\d+){2,}(?!\d)|\d+(?:-[\dX]+){2,}(?![\p{L}\d])/uy;
/** What a decimal is a name after, and no amount. */
const versioned =
  /(?:^|[^\p{L}])(?:version|release|v\.|python|node(?:\.js)?|java|php|ruby|ios|android|ubuntu|debian|macos|postgresql|tls|http|usb|bluetooth) ?$/iu;
const versionNumber = /\d+(?:\.\d+)*(?![\d\p{L}])/uy;
/** `--force`, `/etc/hosts`, `./setup.sh` */
const option = /--[A-Za-z][\w-]*|(?:~|\.{1,2})?(?:\/[\w.-]*\w){2,}|(?:~|\.{1,2})\/[\w.-]*\w/uy;
/** Letters and digits in one name: `AB-1203/4`, `A320`, `3a`, `H2O`, `COVID-19`. */
const code =
  /[A-ZА-Я][A-Za-zА-Яа-я]{0,9}-?\d+(?:[-/.]?[A-ZА-Я\d]+)*(?![\p{L}\d])|[A-Za-z]{1,3}\d+[A-Za-z\d]*(?![\p{L}\d])|(?!(?:mid|under|over|top|pre|post|sub|non|age|page|late|early)-)[a-z]{2,6}-\d+(?![\p{L}\d.,])|\d+[A-Za-z](?![\p{L}\d'])|\d+[-A-Z]*[A-Z][A-Z\d-]*(?![\p{L}\d])/uy;
const feetInches = /(\d{1,2})'(?: ?(\d{1,2})")?/uy;
const fraction = /(?:(\d+) )?(\d{1,3})\/(\d{1,3})(?![\d/])/uy;
const decade = /(\d{3}0|(?<='|^|the )[2-9]0)'?s(?!\p{L})/uy;
const power = /(?:(\d+(?:\.\d+)?) ?[x×·*] ?)?(\d{1,3})(?:\^(-?\d{1,2})|([⁰¹²³⁴-⁹]+))(?![\d\p{L}])/uy;
const scientific = /(\d+(?:\.\d+)?)e([+-]?\d{1,2})(?![\p{L}\d])/uy;

interface Found {
  figure: Figure;
  /** End in the text. */
  end: number;
}

/** Amounts in digits and words, with sign, fraction, magnitude and unit; codes; ordinals. */
export function readNumbers(items: Item[], text: string, lexicon: Lexicon): Item[] {
  const read: Item[] = [];
  for (let at = 0; at < items.length;) {
    const item = items[at]!;
    const found = item.kind === "figure" ? undefined : figureAt(items, at, text, lexicon);
    if (found === undefined) {
      read.push(item);
      at++;
      continue;
    }
    const start = item.start;
    read.push({
      ...item,
      kind: "figure",
      text: text.slice(start, found.end),
      end: found.end,
      figure: found.figure,
    });
    while (at < items.length && items[at]!.start < found.end) at++;
  }
  return readShares(addUp(read, text), text, lexicon);
}

/** `one in five`, `9 out of 10`: a share. */
function readShares(items: Item[], text: string, { language }: Lexicon): Item[] {
  if (language.code !== "en") return items;
  const read: Item[] = [];
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    const isPair =
      items[at + 1]?.folded === "in"
        ? 2
        : items[at + 1]?.folded === "out" && items[at + 2]?.folded === "of"
          ? 3
          : 0;
    const whole = items[at + isPair];
    const [a, b] = [item.figure, whole?.figure];
    const isPart =
      isPair > 0 && isCount(a) && isCount(b) && a.value < b.value && (isPair === 3 || oneIn.has(b.value));
    if (!isPart) {
      read.push(item);
      continue;
    }
    const figure = { ...a, value: (100 * a.value) / b.value, unit: unitOf("%")!, weak: false };
    read.push({ ...item, text: text.slice(item.start, whole!.end), end: whole!.end, figure });
    at += isPair;
  }
  return read;
}

const oneIn: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 8, 10, 12, 20, 25, 50, 100, 1000]);
const isCount = (figure: Figure | undefined): figure is NumberFigure =>
  figure?.kind === "number" && figure.unit === null && !figure.ordinal && figure.value > 0;

function figureAt(items: Item[], at: number, text: string, lexicon: Lexicon): Found | undefined {
  const item = items[at]!;
  const sign = signAt(items, at, text, lexicon);
  const from = sign ?? item.start;
  const start = text.slice(from).search(/\S/u) + from;
  const currency = match(currencyBefore, text, start);
  const negative = sign !== undefined || (currency !== undefined && text[start + currency[0].length] === "-");
  const begin = currency
    ? start + currency[0].length + (text[start + currency[0].length] === "-" ? 1 : 0)
    : start;
  if (currency === undefined && sign === undefined) {
    const name = codeAt(item, text, lexicon);
    if (name) return name;
  }
  const amount = amountAt(items, begin, text, lexicon);
  if (amount === undefined) return undefined;
  const own = amount.unit === undefined ? undefined : { unit: unitOf(amount.unit)!, end: amount.end };
  let unit =
    own ??
    (currency
      ? { unit: unitOf(currency[1]!.trim().replace(/^Rs\.?$/u, "INR"))!, end: amount.end }
      : unitAt(items, amount.end, text, lexicon));
  let { value } = amount;
  let end = unit?.end ?? amount.end;
  // `$1.2 million`, `a day and a half`
  const scaled = scaleAt(items, end, text, lexicon) ?? (currency ? millionAt(text, end) : undefined);
  if (scaled && amount.inDigits) [value, end] = [value * scaled.factor, scaled.end];
  // `1.2 million euros`
  unit ??= scaled && unitAt(items, end, text, lexicon);
  end = Math.max(end, unit?.end ?? 0);
  const half = unit ? halfAt(items, end, text, lexicon) : undefined;
  if (half) [value, end] = [value + 0.5, half];
  const below = /^ ?(?:below zero|below freezing|unter null|sous zéro|bajo cero|sotto zero|ниже нуля)/iu.exec(
    text.slice(end),
  );
  if (below) end += below[0].length;
  if (currency && unitOf("USD")) {
    // `USD 5`, and not `5 dollars US`: nothing of the name is left over.
    const again = unitAt(items, end, text, lexicon);
    if (again?.unit === unit?.unit) end = again?.end ?? end;
  }
  if (
    amount.weak &&
    !unit &&
    !scaled &&
    lexicon.language.code !== "en" &&
    isArticle(text.slice(begin, amount.end), lexicon)
  )
    return undefined;
  const figure: NumberFigure = {
    kind: "number",
    value: negative || below ? -value : value,
    unit: unit?.unit ?? null,
    ordinal: amount.ordinal,
    weak: amount.weak && (unit === undefined || own !== undefined),
    ...(amount.over && !unit && !negative && { over: amount.over }),
  };
  return { figure, end };
}

const isArticle = (word: string, { language }: Lexicon): boolean =>
  /^(?:de|fr|es|it|pt|nl)$/u.test(language.code) && /^(?:ein|un|um|uno|een)/iu.test(word);

/** Where the number begins, if a sign stands before it. */
function signAt(items: Item[], at: number, text: string, { minus }: Lexicon): number | undefined {
  const item = items[at]!;
  if (
    item.text === "-" &&
    !/[\p{L}\d)%]$/u.test(text.slice(0, item.start)) &&
    /^[.\d$€£¥₹]/u.test(text.slice(item.end))
  )
    return item.end;
  const next = items[at + 1];
  if (
    item.kind === "word" &&
    minus.has(item.folded) &&
    next &&
    (next.kind === "number" || next.kind === "word")
  )
    return next.start;
  return undefined;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function codeAt(item: Item, text: string, lexicon: Lexicon): Found | undefined {
  const { start } = item;
  if (
    /[\p{L}\d][-/.]?$/u.test(text.slice(0, start)) &&
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]$/u.test(
      text.slice(0, start),
    )
  )
    return undefined;
  const path = match(option, text, start);
  if (path && !/\S$/u.test(text.slice(0, start).replace(/["'(]$/u, "")))
    return { figure: { kind: "code", text: path[0] }, end: start + path[0].length };
  const named = versioned.test(text.slice(0, start)) ? match(versionNumber, text, start) : undefined;
  if (named) return { figure: { kind: "code", text: named[0] }, end: start + named[0].length };
  if (match(scientific, text, start)) return undefined;
  const number = match(phone, text, start) ?? match(version, text, start);
  if (
    (number && numberOf(number[0], lexicon.language) === undefined) ||
    /^[+vV]/u.test(number?.[0] ?? "") ||
    (number && /[ -]/u.test(number[0]))
  )
    return { figure: { kind: "code", text: number![0] }, end: start + number![0].length };
  const years = match(decade, text, start);
  if (years)
    return {
      figure: {
        kind: "number",
        value: Number(years[1]) + (years[1]!.length === 2 ? 1900 : 0),
        unit: unitOf("decade")!,
        ordinal: false,
        weak: false,
      },
      end: start + years[0].length,
    };
  const padded = /^0\d+(?![\d.,:/])/u.exec(text.slice(start));
  if (padded) return { figure: { kind: "code", text: padded[0] }, end: start + padded[0].length };
  const name = match(code, text, start);
  if (!name) return undefined;
  // `5km`, `10k`, `2m²`, `5s`, `3D` alone are amounts where the letters are a unit.
  const glued = /^\d+(.+)$/u.exec(name[0])?.[1];
  if (glued !== undefined && (unitOf(glued) !== undefined || magnitudes[glued] !== undefined))
    return undefined;
  if (/^\d+$/u.test(name[0]) || /^\d+(?:st|nd|rd|th)$/u.test(name[0]) || match(currencyBefore, text, start))
    return undefined;
  return { figure: { kind: "code", text: name[0] }, end: start + name[0].length };
}

interface Amount {
  value: number;
  end: number;
  ordinal: boolean;
  weak: boolean;
  inDigits: boolean;
  /** Where the unit is a part of it. */
  unit?: string;
  /** Of a fraction, which may be a day and a month. */
  over?: readonly [number, number];
}

function amountAt(items: Item[], start: number, text: string, lexicon: Lexicon): Amount | undefined {
  const plain = { ordinal: false, weak: false, inDigits: true };
  const exponent = match(power, text, start);
  if (exponent && (exponent[1] === undefined || exponent[2] === "10")) {
    const [whole, factor = "1", base, written, raised = ""] = exponent;
    const by = written ?? [...raised].map((char) => superscripts.indexOf(char)).join("");
    return { ...plain, value: Number(factor) * Number(base) ** Number(by), end: start + whole.length };
  }
  const float = match(scientific, text, start);
  if (float) return { ...plain, value: Number(float[0]), end: start + float[0].length };
  const parts = match(fraction, text, start);
  if (parts && Number(parts[3]) > 0 && !/[/\d]$/u.test(text.slice(0, start)))
    return {
      ...plain,
      value: Number(parts[1] ?? 0) + Number(parts[2]) / Number(parts[3]),
      end: start + parts[0].length,
      ...(parts[1] === undefined && { over: [Number(parts[2]), Number(parts[3])] as const }),
    };
  const height = match(feetInches, text, start);
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

function inHan(items: Item[], index: number, text: string, { language }: Lexicon): Amount | undefined {
  const item = items[index]!;
  if (!/^(?:zh|ja)$/u.test(language.code) || !new RegExp(`^${hanNumeral}$`, "u").test(item.text))
    return undefined;
  const value = readHanNumeral(item.text);
  // A single `一` or `千` is part of other words more often than a number.
  const counted = /^(?:[个個元块円天日岁歲人名公千米年月周小分秒度%点倍次楼階時间間号號本匹台頭枚]|以)/u.test(
    text.slice(item.end),
  );
  if (value === undefined || (item.text.length === 1 && !counted && item.text !== text)) return undefined;
  return {
    value,
    end: item.end,
    ordinal: text.slice(0, item.start).endsWith("第"),
    weak: false,
    inDigits: false,
  };
}

function inWords(items: Item[], index: number, text: string, lexicon: Lexicon): Amount | undefined {
  const words = runOfWords(items, index, 16);
  const { language, half } = lexicon;
  const folded = words.map((word) => word.folded);
  const after = (count: number): number => words[count - 1]!.end;
  if (half.has(folded[0]!) && (language.code !== "en" || folded[0] === "half"))
    return {
      value: 0.5,
      end: afterArticle(words, 1, language),
      ordinal: false,
      weak: false,
      // `half a million`
      inDigits: true,
    };
  if (language.code === "en") {
    const special = englishSpecial(folded);
    if (special)
      return {
        value: special.value,
        end: after(special.length),
        ordinal: false,
        weak: special.weak ?? false,
        inDigits: false,
        ...(special.unit && { unit: special.unit }),
      };
  }
  const times = lexicon.times.get(folded[0]!);
  if (times !== undefined)
    return { value: times, end: after(1), ordinal: false, weak: times === 1, inDigits: false, unit: "times" };
  // `an hour` is one, but `twice a day` and `9 florins a kilogram` are rates.
  if (
    language.code === "en" &&
    /^an?$/u.test(folded[0]!) &&
    lexicon.units.has(folded[1] ?? "") &&
    !rate.test(text.slice(0, words[0]!.start))
  )
    return { value: 1, end: after(1), ordinal: false, weak: false, inDigits: false };
  const worded = readNumberWords(folded, 0, lexicon);
  if (!worded) return undefined;
  let { value, length } = worded;
  if (language.code === "en" && !worded.ordinal && value < 10 && value % 1 === 0) {
    const part = folded[length] === undefined ? undefined : partOf(folded[length]!);
    if (part !== undefined)
      return {
        value: value / part,
        end: afterArticle(words, length + 1, language),
        ordinal: false,
        weak: false,
        inDigits: false,
      };
    if (folded[length] === "dozen") [value, length] = [value * 12, length + 1];
  }
  let end = after(length);
  const plus = halfAt(items, end, text, lexicon);
  if (plus) [value, end] = [value + 0.5, plus];
  return { value, end, ordinal: worded.ordinal, weak: worded.weak && !plus, inDigits: false };
}

/** `half an hour`: the article belongs to the figure. */
function afterArticle(words: Item[], count: number, { code }: Grammar): number {
  const has = (at: number, word: RegExp): boolean => code === "en" && word.test(words[at]?.folded ?? "");
  const of = has(count, /^of$/u) ? count + 1 : count;
  return words[has(of, /^an?$/u) ? of : of - 1]!.end;
}

const rate =
  /(?:\d|(?<!\p{L})(?:once|twice|thrice|times|two|three|four|five|six|seven|eight|nine|ten|per|each|every))(?:%| ?\p{L}+)? $/iu;

const parts: Record<string, number> = {
  half: 2,
  halves: 2,
  third: 3,
  thirds: 3,
  quarter: 4,
  quarters: 4,
  fourth: 4,
  fourths: 4,
  fifths: 5,
  sixths: 6,
  eighth: 8,
  eighths: 8,
  tenths: 10,
};
const partOf = (word: string): number | undefined => parts[word];

const decades: Record<string, number> = Object.fromEntries(
  ["twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"].map((stem, at) => [
    stem,
    1920 + 10 * at,
  ]),
);

function englishSpecial(
  words: readonly string[],
): { value: number; length: number; weak?: boolean; unit?: string } | undefined {
  const [first, second] = words;
  if (first === "half" && second === "a" && words[2] === "dozen") return { value: 6, length: 3 };
  const years = /^(twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies$/u.exec(first ?? "");
  if (years) return { value: decades[years[1]!]!, length: 1, unit: "decade" };
  if (first === "pair" || (first === "a" && second === "pair"))
    return { value: 2, length: first === "a" ? 2 : 1, weak: true };
  if (first === "dozen") return { value: 12, length: 1 };
  if (first === "a" && second === "dozen") return { value: 12, length: 2 };
  if (first === "a" && (second === "half" || second === "quarter"))
    return { value: second === "half" ? 0.5 : 0.25, length: words[2] === "of" ? 3 : 2 };
  return undefined;
}

/** Where `and a half` ends, if it stands here. */
function halfAt(_items: Item[], end: number, text: string, { language }: Lexicon): number | undefined {
  const phrase: Record<string, RegExp> = {
    en: /^ and (?:a|one) half(?!\p{L})/u,
    fr: /^ et demie?(?!\p{L})/u,
    es: /^ y medi[oa](?!\p{L})/u,
    it: /^ e mezz[oa](?!\p{L})/u,
    pt: /^ e mei[oa](?!\p{L})/u,
    ru: /^ с половиной(?!\p{L})/u,
    zh: /^半/u,
    sw: /^ na nusu(?!\p{L})/u,
  };
  const found = phrase[language.code]?.exec(text.slice(end));
  return found ? end + found[0].length : undefined;
}

/** `$3.5m`, where `m` is no metre. */
const millionAt = (text: string, end: number): { factor: number; end: number } | undefined =>
  /^m(?![\p{L}\d])/u.test(text.slice(end)) ? { factor: 1e6, end: end + 1 } : undefined;

function scaleAt(
  items: Item[],
  end: number,
  text: string,
  { scales, language }: Lexicon,
): { factor: number; end: number } | undefined {
  const glued = /^(bn|mn|[kKM])(?![\p{L}\d])/u.exec(text.slice(end));
  if (glued) return { factor: magnitudes[glued[1]!]!, end: end + glued[0].length };
  const han = /^ ?([万萬亿億千百])/u.exec(text.slice(end));
  if (han && /^(?:zh|ja)$/u.test(language.code))
    return { factor: readHanNumeral(`一${han[1]!}`)!, end: end + han[0].length };
  const next = items.find((item) => item.start >= end);
  const factor = next && next.start - end <= 1 ? scales.get(next.folded) : undefined;
  return factor === undefined ? undefined : { factor, end: next!.end };
}

/** The unit that follows: a symbol, a word, `square metres`, `degrees Celsius`, `kilometres per hour`. */
function unitAt(
  items: Item[],
  from: number,
  text: string,
  lexicon: Lexicon,
): { unit: Unit; end: number } | undefined {
  const single = oneUnitAt(items, from, text, lexicon);
  if (!single) return undefined;
  const over = /^ ?(?:\/|per|pro|par|por|all'|al|в|an|je) ?(?=\p{L})/u.exec(text.slice(single.end));
  if (over && single.unit.dimension === "length") {
    const below = oneUnitAt(items, single.end + over[0].length, text, lexicon);
    if (below?.unit.dimension === "time")
      return {
        unit: {
          symbol: `${single.unit.symbol}/${below.unit.symbol}`,
          dimension: "speed",
          factor: single.unit.factor / below.unit.factor,
        },
        end: below.end,
      };
  }
  return single;
}

const squared = /^ ?(square|sq\.?|quadrat|cubic|cu\.?|mètres? carrés?|metros? cuadrados?|квадратн\p{L}+) ?/iu;

function oneUnitAt(
  items: Item[],
  from: number,
  text: string,
  { units }: Lexicon,
): { unit: Unit; end: number } | undefined {
  const prefix = squared.exec(text.slice(from));
  const start = from + (prefix?.[0].length ?? 0);
  const hundred = /^ ?(?:per cent|pour cent|por ciento|por cento|per cento|v\. ?H\.)(?!\p{L})/iu.exec(
    text.slice(from),
  );
  if (hundred) return { unit: unitOf("%")!, end: from + hundred[0].length };
  const points =
    /^ ?(?:percentage points?|pp|Prozentpunkten?|points? de pourcentage|puntos porcentuales|punti percentuali|pontos percentuais|procentpunt(?:en)?)(?!\p{L})/iu.exec(
      text.slice(from),
    );
  if (points) return { unit: unitOf("pp")!, end: from + points[0].length };
  const next = items.find(
    (item) =>
      item.end > start &&
      item.start >= start &&
      item.start - start <= 1 &&
      (item.text !== "-" || item.start !== start),
  );
  // `a 5-day trip`
  const hyphen = text[start] === "-" ? items.find((item) => item.start === start + 1) : undefined;
  const word = next?.kind === "word" ? next : hyphen;
  const named = word && units.get(word.folded);
  const symbol =
    (named === undefined && word?.text !== "in") || word?.text === "in"
      ? match(symbolAfter, text, start)
      : undefined;
  let unit = named === undefined ? (symbol ? unitOf(symbol[1]!) : undefined) : unitOf(named);
  let end = named === undefined ? start + (symbol?.[0].length ?? 0) : word!.end;
  if (unit === undefined) return undefined;
  if (prefix) {
    const raised = unitOf(`${unit.symbol}${/^ ?c/iu.test(prefix[0]) ? "³" : "²"}`);
    if (raised === undefined) return undefined;
    unit = raised;
  }
  const carre = /^ (?:carrés?|cuadrados?|quadrati|quadrados)(?!\p{L})/iu.exec(text.slice(end));
  if (carre) [unit, end] = [unitOf(`${unit.symbol}²`) ?? unit, end + carre[0].length];
  if (unit.symbol === "°") {
    const scale = /^ ?(?:C(?!\p{L})|celsius|centigrade|по цельсию)/iu.exec(text.slice(end));
    const other = /^ ?(?:F(?!\p{L})|fahrenheit)/iu.exec(text.slice(end));
    if (scale) return { unit: unitOf("°C")!, end: end + scale[0].length };
    if (other) return { unit: unitOf("°F")!, end: end + other[0].length };
  }
  return { unit, end };
}

/** `1 h 30 min`, `5 ft 10 in`, `2 hours and 15 minutes` are one amount. */
function addUp(items: Item[], text: string): Item[] {
  const read: Item[] = [];
  for (const item of items) {
    const before = read.at(-1)?.folded === "and" || read.at(-1)?.text === "," ? read.at(-2) : read.at(-1);
    const [a, b] = [before?.figure, item.figure];
    if (
      a?.kind === "number" &&
      b?.kind === "number" &&
      a.unit &&
      b.unit &&
      isSmaller(b.unit, a.unit) &&
      /^(?: ?| and |, | et | und | y )$/u.test(text.slice(before!.end, item.start))
    ) {
      read.splice(read.indexOf(before!));
      const value = a.value + (b.value * b.unit.factor) / a.unit.factor;
      read.push({
        ...before!,
        text: text.slice(before!.start, item.end),
        end: item.end,
        figure: { ...a, value },
      });
    } else read.push(item);
  }
  return read;
}

const summed = /^(?:time|months)$/u;
const isSmaller = (small: Unit, large: Unit): boolean =>
  (small.dimension === large.dimension &&
    small.factor < large.factor &&
    (summed.test(small.dimension) ||
      /^(?:ft-in|lb-oz|km-m|m-cm|kg-g)$/u.test(`${large.symbol}-${small.symbol}`))) ||
  (small.symbol === "cent" && /^(?:USD|EUR|GBP|CHF)$/u.test(large.symbol));
