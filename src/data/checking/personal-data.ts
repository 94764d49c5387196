/** What of a text names or reaches a person; `start` and `end` in UTF-16 code units. */
export interface PersonalDatum {
  kind: PersonalKind;
  start: number;
  end: number;
}

export type PersonalKind = "e-mail" | "IBAN" | "card" | "IP address" | "phone" | "name";

interface Rule {
  kind: PersonalKind;
  candidate: RegExp;
  /** How many characters of the candidate are one, from its start; 0 where none are. `before` is what stands before it. */
  measure: (text: string, before: string) => number;
}

const whole =
  (isOne: (text: string, before: string) => boolean): Rule["measure"] =>
  (text, before) =>
    isOne(text, before) ? text.length : 0;

/** In the order in which a place in a text is claimed. */
const rules: Rule[] = [
  {
    kind: "e-mail",
    candidate:
      /(?<![\p{L}\p{N}._%+-])(?:[\p{L}\p{N}._%+-]|(?<=\p{L})'(?=\p{L}))+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?![\p{L}\p{N}])/gu,
    measure: (text) => text.length,
  },
  {
    kind: "IBAN",
    candidate: /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}/giu,
    measure: measureIban,
  },
  {
    kind: "card",
    candidate: /(?<![\p{N}\p{L}.-])\d(?:[ -]?\d){12,18}(?![\p{N}\p{L}])/gu,
    measure: whole(isCard),
  },
  {
    kind: "IP address",
    candidate:
      /(?<![\p{L}\p{N}.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\p{L}\p{N}:]|\.\d)/giu,
    measure: whole(isAddress),
  },
  {
    kind: "phone",
    candidate: /(?<![\p{L}\p{N}.,:/#-])(?:\+|\(\+?)?\d[\d ()./-]{4,}\d(?![\p{L}\p{N}]|[.,]\d)/gu,
    measure: whole(isPhone),
  },
];

/** All of them in reading order, none inside another. `names` are looked for as whole words, as they are written. */
export function findPersonalData(written: string, names: string[] = []): PersonalDatum[] {
  const text = plainSigns(written);
  const found: PersonalDatum[] = [];
  const claim = (kind: PersonalKind, start: number, length: number): void => {
    const end = start + length;
    if (found.every((other) => end <= other.start || start >= other.end)) found.push({ kind, start, end });
  };
  for (const { kind, candidate, measure } of rules) {
    for (const match of text.matchAll(candidate)) {
      const length = measure(match[0], text.slice(Math.max(0, match.index - 24), match.index));
      if (length > 0) claim(kind, match.index, length);
    }
  }
  for (const name of names) {
    for (const match of written.matchAll(
      new RegExp(`(?<![\\p{L}\\p{N}])${escape(name)}(?![\\p{L}\\p{N}])`, "gu"),
    )) {
      claim("name", match.index, match[0].length);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The text with `[E-MAIL]`, `[PHONE]` and so on in their places. */
export function maskPersonalData(text: string, names: string[] = []): string {
  let masked = "";
  let done = 0;
  for (const { kind, start, end } of findPersonalData(text, names)) {
    masked += `${text.slice(done, start)}[${kind.toUpperCase()}]`;
    done = end;
  }
  return masked + text.slice(done);
}

/** Characters of an IBAN by country (SWIFT's IBAN registry), for text goes on after one. */
const ibanLengths = new Map(
  Object.entries({
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
  }).flatMap(([length, countries]) => countries.split(" ").map((country) => [country, Number(length)])),
);

/** ISO 13616: the first four characters go to the end, letters count from 10, and the rest by 97 is 1. */
function measureIban(text: string): number {
  const length = ibanLengths.get(text.slice(0, 2).toUpperCase());
  if (length === undefined) return 0;
  let end = 0;
  let plain = "";
  for (; end < text.length && plain.length < length; end++)
    if (!/[ -]/.test(text[end]!)) plain += text[end]!.toUpperCase();
  if (plain.length < length || /[A-Z0-9]/i.test(text[end] ?? "")) return 0;
  const digits = (plain.slice(4) + plain.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1 ? end : 0;
}

/** ISO/IEC 7812: begins as a card of a payment network does, and Luhn's sum is a multiple of ten. */
function isCard(text: string): boolean {
  const digits = text.replace(/[ -]/g, "");
  if (!/^[3-6]|^2[2-7]/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Four parts up to 255, not a version of some software; or RFC 4291's text form, not a time of day. */
function isAddress(text: string, before: string): boolean {
  if (!text.includes(":")) {
    return (
      !/(?:version|v|release|section|§)\s*$/i.test(before) &&
      text.split(".").every((part) => Number(part) <= 255 && !/^0\d/.test(part))
    );
  }
  const parts = text.split(":");
  const gaps = text.split("::").length - 1;
  const filled = parts.filter((part) => part !== "").length;
  return gaps > 1 ? false : gaps === 1 ? filled >= 2 && filled < 8 : parts.length === 8 && filled === 8;
}

/** After it, any six digits are one. */
const phoneCue =
  /(?<!\p{L})(?:tel|tél|phone|telephone|téléphone|telefon|telefono|telefone|teléfono|mobile|mobil|cell|fax|whatsapp|sms|тел|телефон)\.?(?: ?(?:number|no\.?|nr\.?))?\s*:?\s*$/iu;

/** With a country code, 8 to 15 digits (E.164); else as national numbers are grouped, and no date or number of an order. */
function isPhone(text: string, before: string): boolean {
  const digits = text.replace(/\D/g, "");
  if (phoneCue.test(before)) return digits.length >= 6 && digits.length <= 15;
  if (/(?:isbn|issn|doi|pmid|order|invoice|no\.?|nr\.?|#)\s*:?\s*$/i.test(before)) return false;
  if (/\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)/.test(text) && !text.startsWith("+")) {
    // 12.03.2024 and 2024-03-12, but not 020-7946-0958.
    if (
      /(?:^|\D)(?:(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d)(?:\D|$)/.test(
        text,
      )
    )
      return false;
  }
  if (/^\(?\+|^00[1-9]/.test(text)) return digits.length >= 8 && digits.length <= 15;
  if (/^\(?0/.test(text)) return digits.length >= 9 && digits.length <= 12 && /[ ()./-]/.test(text);
  return /^(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$/.test(text);
}

/** Spaces, dashes and digits of every width as ASCII has them; each character stays where it was. */
const plainSigns = (text: string): string =>
  text
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, " ")
    .replace(/[\u2010-\u2015\u2212\uff0d]/g, "-")
    .replace(/[\uff0b\uff08\uff09\uff0e\uff10-\uff19\uff20-\uff3a\uff41-\uff5a]/g, (sign) =>
      String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
    );

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
