import type { Unit } from "./units.ts";

/** A figure as it is meant, whatever way it is written. */
export type Figure =
  | {
      kind: "number";
      /** In the unit's own measure, as written. */
      value: number;
      unit: Unit | null;
      ordinal: boolean;
      /** `one`, which is a pronoun as often as a figure. */
      weak: boolean;
      /** Of a fraction (`12/25`), which may be a day and a month as well. */
      over?: readonly [number, number];
    }
  | { kind: "date"; year: number | null; month: number | null; day: number | null; weekday: number | null }
  /** `clock`: by 24 hours (`09:00`), by 12 with its half of the day, by either (`5:00`), or by 12 without it. */
  | { kind: "time"; minutes: number; clock: "24" | "12" | "open" | "vague" }
  /** A string of digits, or of letters and digits, that is a name and no amount. */
  | { kind: "code"; text: string };

export type NumberFigure = Extract<Figure, { kind: "number" }>;

/** Whether the second figure says all that the first one asks for. */
export function saysFigure(asked: Figure, said: Figure): boolean {
  if (asked.kind === "number" && said.kind === "number") return saysNumber(asked, said);
  if (asked.kind === "date" && said.kind === "date")
    return (["year", "month", "day", "weekday"] as const).every(
      (part) => asked[part] === null || asked[part] === said[part],
    );
  if (asked.kind === "time" && said.kind === "time") return sameTime(asked, said);
  if (asked.kind === "code" && said.kind === "code") return sameCode(asked.text, said.text);
  // `In 2011` is said by `May 2011`.
  if (asked.kind === "number" && said.kind === "date" && asked.unit === null && asked.value === said.year)
    return true;
  if (asked.kind === "number" && said.kind === "date") return isDayOf(asked, said);
  if (asked.kind === "date" && said.kind === "number") return isDayOf(said, asked);
  // `17 h` is a time in French, and `17 Uhr` may be written so.
  if (asked.kind === "time" && said.kind === "number") return isHour(said, asked.minutes);
  if (asked.kind === "number" && said.kind === "time") return isHour(asked, said.minutes);
  return false;
}

const isHour = (figure: NumberFigure, minutes: number): boolean =>
  figure.unit?.symbol === "h" && figure.value * 60 === minutes;

/** `25 December` for `12/25`, in either order. */
const isDayOf = ({ over }: NumberFigure, { year, month, day }: Extract<Figure, { kind: "date" }>): boolean =>
  over !== undefined &&
  year === null &&
  ((over[0] === month && over[1] === day) || (over[0] === day && over[1] === month));

/** `AB-12` is `ab 12`; `1.23.4` is not `12.3.4`, where both have dots. */
function sameCode(a: string, b: string): boolean {
  const isDotted = (text: string): boolean => /\d\.\d/u.test(text);
  const kept = isDotted(a) && isDotted(b) ? /[^\p{L}\p{N}.]/gu : /[^\p{L}\p{N}]/gu;
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/^v(?:ersion)?[ .]?(?=\d)/u, "")
      .replace(kept, "");
  return plain(a) === plain(b) || isSamePhone(a, b) || isSamePhone(b, a);
}

/** `020 7946 0018` at home is `+44 20 7946 0018` abroad. */
function isSamePhone(abroad: string, atHome: string): boolean {
  const [far, near] = [abroad, atHome].map((text) => text.replace(/\D/gu, "")) as [string, string];
  return (
    abroad.startsWith("+") &&
    /^\(?0[1-9]/u.test(atHome) &&
    near.length >= 7 &&
    /^\d{1,3}$/u.test(far.slice(0, -near.length + 1)) &&
    far.endsWith(near.slice(1))
  );
}

function sameTime(a: Extract<Figure, { kind: "time" }>, b: Extract<Figure, { kind: "time" }>): boolean {
  if (a.minutes === b.minutes) return true;
  if ((a.minutes - b.minutes) % 720 !== 0) return false;
  // `5 o'clock` may be either; `5:00` may stand for `5 p.m.`, not for `17:00`.
  return (
    a.clock === "vague" ||
    b.clock === "vague" ||
    (a.clock === "12" && b.clock === "open") ||
    (a.clock === "open" && b.clock === "12")
  );
}

function saysNumber(asked: NumberFigure, said: NumberFigure): boolean {
  const same = (a: number, b: number): boolean =>
    Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  const [want, have] = [asked.unit, said.unit];
  // A day that is the fifth is not five days.
  if (asked.ordinal !== said.ordinal && (asked.unit ?? said.unit) !== null) return false;
  if (want === null && have === null) return same(asked.value, said.value);
  if (want === null) {
    if (have!.dimension === "decade") return false;
    // `1.2m` for 1.2 million
    if (have!.symbol === "m" && same(asked.value, said.value * 1e6)) return true;
    return (
      same(asked.value, said.value) ||
      (have!.dimension === "share" && same(asked.value, said.value * have!.factor))
    );
  }
  if (have === null)
    return want.dimension === "share" && same(asked.value * want.factor, said.value) && said.value % 1 !== 0;
  if (want.dimension === have.dimension)
    return (
      same(inBase(asked), inBase(said)) || (isConversion(want, have) && near(inBase(asked), inBase(said)))
    );
  const pair = [want.dimension, have.dimension];
  if (pair.includes("angle") && pair.includes("temperature")) return same(asked.value, said.value);
  if (
    pair.includes("cents") &&
    pair.some((each) => /^(?:USD|EUR|GBP|CAD|AUD|NZD|CHF|BRL|RUB|KES)$/u.test(each))
  )
    return same(asked.value * want.factor, said.value * have.factor);
  if (pair.includes("JPY") && pair.includes("CNY")) return same(asked.value, said.value);
  return false;
}

const metric = /^(?:[µmcdk]?m|[mcdh]?l|[µmk]?g|t|[cmk]?m[²³]|ha|km\/h|m\/s)$/u;
const imperial = /^(?:in|ft|yd|mi|oz|lb|pt|gal|acre|ft²|mi²|mph)$/u;
/** Between metric and imperial units people round. */
const isConversion = (a: Unit, b: Unit): boolean =>
  (metric.test(a.symbol) && imperial.test(b.symbol)) || (imperial.test(a.symbol) && metric.test(b.symbol));
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 0.01 * Math.abs(a);

export const inBase = ({ value, unit }: NumberFigure): number =>
  value * (unit?.factor ?? 1) + (unit?.offset ?? 0);
