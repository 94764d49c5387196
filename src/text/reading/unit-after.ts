import type { Lexicon } from "../grammars/lexicon.ts";
import { magnitudes } from "./digits.ts";
import { readHanNumeral } from "./han-numerals.ts";
import type { Item } from "./item.ts";
import { matchAt } from "./match-at.ts";
import { symbolAfter, unitOf, type Unit } from "./units.ts";

/** `$3.5m`, where `m` is no metre. */
export const millionAt = (text: string, end: number): { factor: number; end: number } | undefined =>
  /^m(?![\p{L}\d])/u.test(text.slice(end)) ? { factor: 1e6, end: end + 1 } : undefined;

/** What multiplies an amount behind it: `million`, `k`, `万`. */
export function scaleAt(
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
export function unitAt(
  items: Item[],
  from: number,
  text: string,
  lexicon: Lexicon,
): { unit: Unit; end: number } | undefined {
  const single = oneUnitAt(items, from, text, lexicon);
  if (!single) return undefined;
  const over = /^(?: ?\/ ?| (?:per|pro|par|por|al|в|an|je) | all')(?=\p{L})/u.exec(text.slice(single.end));
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
      ? matchAt(symbolAfter, text, start)
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
