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
  /** How many characters of the candidate are one, from its start; 0 where none are. What stands around it tells. */
  measure: (text: string, before: string, after: string) => number;
}

const whole =
  (isOne: (text: string, before: string, after: string) => boolean): Rule["measure"] =>
  (text, before, after) =>
    isOne(text, before, after) ? text.length : 0;

/** Before and after: scripts that put no space between words and figures. */
const unspaced = "\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}";
const letter = `(?:(?![${unspaced}])\\p{L})`;

/** In the order in which a place in a text is claimed. */
const rules: Rule[] = [
  {
    kind: "e-mail",
    candidate:
      /(?<![\p{L}\p{N}._%+-])(?:[\p{L}\p{N}._%+-]|(?<=\p{L})'(?=\p{L}))+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?![\p{L}\p{N}])/gu,
    measure: whole(isMail),
  },
  {
    kind: "e-mail",
    candidate:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+ ?[[({] ?at ?[\])}] ?[\p{L}\p{N}-]+(?:(?: ?[[({] ?dot ?[\])}] ?|\.)[\p{L}\p{N}-]+)+/giu,
    measure: (text) => text.length,
  },
  {
    kind: "IBAN",
    candidate: /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}/giu,
    measure: measureIban,
  },
  {
    kind: "card",
    candidate: /(?<![\p{N}\p{L}.-])\d(?:[ .-]?\d){12,24}(?![\p{N}\p{L}])/gu,
    measure: measureCard,
  },
  {
    kind: "IP address",
    candidate:
      /(?<![\p{L}\p{N}.:]|\p{L}[/-]|==)(?:(?:::ffff:)?\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d)|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?![\p{L}\p{N}:]|\.\d))/giu,
    measure: whole(isAddress),
  },
  {
    kind: "phone",
    candidate: new RegExp(
      `(?:(?<![\\p{L}\\p{N}+])\\+|(?<!${letter}|[\\p{N}.,/#-]|\\d:)(?:\\(\\+?)?)\\d[\\d ()./-]{4,}\\d(?!${letter}|\\p{N}|[.,]\\d)`,
      "gu",
    ),
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
      const end = match.index + match[0].length;
      const before = text.slice(Math.max(0, match.index - 24), match.index);
      const length = measure(match[0], before, text.slice(end, end + 24));
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
    if (!/[ .-]/.test(text[end]!)) plain += text[end]!.toUpperCase();
  if (plain.length < length || /[A-Z0-9]/i.test(text[end] ?? "")) return 0;
  const digits = (plain.slice(4) + plain.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1 ? end : 0;
}

/** Not a user in the address of a repository or a database, nor the name of a picture. */
function isMail(text: string, before: string, after: string): boolean {
  const inAddress = /:\/\/(?:[^\s/@]*:)?$/.test(before) || /^:[\p{L}\d._~-]+\//u.test(after);
  return !inAddress && !/@\d+x\.(?:png|jpe?g|gif|svg|webp)$/i.test(text);
}

/** Text goes on with figures, an expiry date say. */
function measureCard(text: string, before: string): number {
  if (thingCue.test(before)) return 0;
  for (let end = text.length; end > 0; end--) {
    const card = text.slice(0, end);
    if (!/^\d(?![ .-]|$)/.test(text.slice(end)) && /\d$/.test(card) && isCard(card)) return end;
  }
  return 0;
}

/** ISO/IEC 7812: begins as a card of a payment network does, and Luhn's sum is a multiple of ten. */
function isCard(text: string): boolean {
  if (!/^\d{3,}(?:[ -]\d{3,})*$|^\d{4}(?:\.\d{4}){3}$/.test(text)) return false;
  const digits = text.replace(/[ .-]/g, "");
  if (digits.length < 13 || digits.length > 19) return false;
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
  const embedded = /^::ffff:(?=.*\.)/i.exec(text);
  if (embedded) return isAddress(text.slice(embedded[0].length), "");
  if (!text.includes(":")) {
    return (
      !/(?:version|v|release|build|firmware|section|chapter|clause|oid|§)\s*[:=]?\s*$/i.test(before) &&
      text.split(".").every((part) => Number(part) <= 255 && !/^0\d/.test(part))
    );
  }
  const parts = text.split(":");
  const gaps = text.split("::").length - 1;
  const filled = parts.filter((part) => part !== "").length;
  // Shortened, it begins as an address that is given out does (RFC 4291, 2.4): `a::b` is a name in a program.
  if (gaps === 1) return filled >= 2 && filled < 8 && /^(?:[23][\da-f]{3}|f[c-f][\da-f]{2}|64):/i.test(text);
  return gaps === 0 && parts.length === 8 && filled === 8;
}

const phoneWords =
  "tel|tél|ph|phone|telephone|téléphone|telefon|telefono|telefone|teléfono|mobile|mobil|móvil|celular|handy|cell|fax|whatsapp|sms|numéro|тел|телефон|" +
  "call|ring|dial|bel|appelez|appelle|llame|llama|chiami|chiamami|zadzwoń|anrufen|ruf an";
const betweenWords = "me|us|him|her|now|on|at|is|le|au|al|el|es|est|il|ist|unter|pod|numer";
/** After it, any six digits are one that are no date. */
const phoneCue = new RegExp(
  `(?:(?<!\\p{L})(?:${phoneWords})(?:nummer)?\\.?(?: ?(?:number|no\\.?|nr\\.?))?(?: (?:${betweenWords}))*|电话|電話|手机号?码?|手機|전화)\\s*[:：]?\\s*$`,
  "iu",
);

const numberWord = "(?: ?(?:number|numéro|número|no|nr|num|id|code|n°|nº))";
/** After it stands the number of a thing. */
const thingCue = new RegExp(
  `(?<!\\p{L})(?:\\p{L}*(?:nummer|zeichen)|order|invoice|ticket|tracking|serial|sku|imei|ean|upc|isbn(?:-1[03])?|issn|doi|pmid|id|ref|reference|booking|commande|facture|dossier|pedido|factura|expediente|ordine|fattura|bestelling|faktura|zamówienie)${numberWord}?\\.?\\s*[:#=]?\\s*$`,
  "iu",
);
const numberCue = new RegExp(
  `(?:(?<!\\p{L})(?:customer|client|account|member|policy|patient|part|case|model)${numberWord}|(?<!\\p{L})(?:no|nr)\\.?|n[°º]|#|§)\\s*:?\\s*$`,
  "iu",
);

/** 12.03.2024 and 2024-03-12, but not 06.12.34.56.78 nor 020-7946-0958. */
const longDate =
  /(?<!\d)(?:(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d)(?!\d)/;
const shortDate = /^\d{1,2}([./-])\d{1,2}\1\d\d$/;

/** With a country code, 8 to 15 digits (E.164); else as national numbers are grouped, and no date or number of an order. */
function isPhone(text: string, before: string): boolean {
  const digits = text.replace(/\D/g, "");
  if (/^0+$/.test(digits) || /^0\.\d+$/.test(text)) return false;
  if (longDate.test(text) || text.split(/[\s()]+/).some((word) => shortDate.test(word))) return false;
  if (phoneCue.test(before)) return digits.length >= 6 && digits.length <= 15;
  if (!text.startsWith("+") && (thingCue.test(before) || numberCue.test(before))) return false;
  if (/^\(?\+|^00[1-9]/.test(text)) return digits.length >= 8 && digits.length <= 15;
  if (/^\(?0/.test(text)) return digits.length >= 9 && digits.length <= 12 && /[ ()./-]/.test(text);
  if (/^1[3-9]\d{9}$/.test(text)) return /\p{scx=Han}\s*[:：]?\s*$/u.test(before);
  // North America, Brazil, Russia.
  return /^(?:(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|\(\d{2}\) ?9?\d{4}-\d{4}|8 ?\(\d{3}\) ?\d{3}-\d{2}-\d{2})$/.test(
    text,
  );
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
