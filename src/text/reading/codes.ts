import type { Lexicon } from "../grammars/lexicon.ts";
import { magnitudes, numberOf, scientific } from "./digits.ts";
import type { Figure } from "./figure.ts";
import type { Item } from "./item.ts";
import { matchAt } from "./match-at.ts";
import { currencyBefore, unitOf } from "./units.ts";

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
  /[A-ZА-Я][A-Za-zА-Яа-я]{0,9}-?\d+(?:[-/.]?[A-ZА-Я\d]+)*(?![\p{L}\d])|[A-Za-z]{1,3}\d+[A-Za-z\d]*(?![\p{L}\d])|(?!(?:mid|under|over|top|pre|post|sub|non|age|page|late|early)-)[a-z]{2,6}-\d+(?![\p{L}\d.,])|\d+(?!e \p{Ll}{3})[A-Za-z](?![\p{L}\d'])|\d+[-A-Z]*[A-Z][A-Z\d-]*(?![\p{L}\d])/uy;
const decade = /(\d{3}0|(?<='|^|the )[2-9]0)'?s(?!\p{L})/uy;

/** A figure that begins at a place of a text. */
export interface Found {
  figure: Figure;
  /** End in the text. */
  end: number;
}

/** The code, version, path or decade that begins with an item. */
export function codeAt(item: Item, text: string, lexicon: Lexicon): Found | undefined {
  const { start } = item;
  if (
    /[\p{L}\d][-/.]?$/u.test(text.slice(0, start)) &&
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]$/u.test(
      text.slice(0, start),
    )
  )
    return undefined;
  const path = matchAt(option, text, start);
  if (path && !/\S$/u.test(text.slice(0, start).replace(/["'(]$/u, "")))
    return { figure: { kind: "code", text: path[0] }, end: start + path[0].length };
  const named = versioned.test(text.slice(0, start)) ? matchAt(versionNumber, text, start) : undefined;
  if (named) return { figure: { kind: "code", text: named[0] }, end: start + named[0].length };
  if (matchAt(scientific, text, start)) return undefined;
  const number = matchAt(phone, text, start) ?? matchAt(version, text, start);
  if (
    (number && numberOf(number[0], lexicon.language) === undefined) ||
    /^[+vV]/u.test(number?.[0] ?? "") ||
    (number && /[ -]/u.test(number[0]))
  )
    return { figure: { kind: "code", text: number![0] }, end: start + number![0].length };
  const years = matchAt(decade, text, start);
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
  const name = matchAt(code, text, start);
  if (!name) return undefined;
  // `5km`, `10k`, `2m²`, `5s`, `3D` alone are amounts where the letters are a unit.
  const glued = /^\d+(.+)$/u.exec(name[0])?.[1];
  if (glued !== undefined && (unitOf(glued) !== undefined || magnitudes[glued] !== undefined))
    return undefined;
  if (/^\d+$/u.test(name[0]) || /^\d+(?:st|nd|rd|th)$/u.test(name[0]) || matchAt(currencyBefore, text, start))
    return undefined;
  return { figure: { kind: "code", text: name[0] }, end: start + name[0].length };
}
