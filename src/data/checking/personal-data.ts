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
  isOne: (text: string, before: string) => boolean;
}

/** In the order in which a place in a text is claimed. */
const rules: Rule[] = [
  {
    kind: "e-mail",
    candidate:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?![\p{L}\p{N}])/gu,
    isOne: () => true,
  },
  {
    kind: "IBAN",
    candidate: /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![\p{L}\p{N}])/gu,
    isOne: isIban,
  },
  { kind: "card", candidate: /(?<![\p{N}\p{L}.-])\d(?:[ -]?\d){12,18}(?![\p{N}\p{L}])/gu, isOne: isCard },
  {
    kind: "IP address",
    candidate:
      /(?<![\p{L}\p{N}.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\p{L}\p{N}:]|\.\d)/giu,
    isOne: isAddress,
  },
  {
    kind: "phone",
    candidate: /(?<![\p{L}\p{N}.,:/#-])(?:\+|\(\+?)?\d[\d ()./-]{6,}\d(?![\p{L}\p{N}]|[.,]\d)/gu,
    isOne: isPhone,
  },
];

/** All of them in reading order, none inside another. `names` are looked for as whole words, as they are written. */
export function findPersonalData(text: string, names: string[] = []): PersonalDatum[] {
  const found: PersonalDatum[] = [];
  const claim = (kind: PersonalKind, start: number, length: number): void => {
    const end = start + length;
    if (found.every((other) => end <= other.start || start >= other.end)) found.push({ kind, start, end });
  };
  for (const { kind, candidate, isOne } of rules) {
    for (const match of text.matchAll(candidate)) {
      if (isOne(match[0], text.slice(Math.max(0, match.index - 12), match.index)))
        claim(kind, match.index, match[0].length);
    }
  }
  for (const name of names) {
    for (const match of text.matchAll(
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

/** ISO 13616: the first four characters go to the end, letters count from 10, and the rest by 97 is 1. */
function isIban(text: string): boolean {
  const plain = text.replace(/[ -]/g, "");
  if (plain.length < 15 || plain.length > 34) return false;
  const digits = (plain.slice(4) + plain.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
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

/** With a country code, 8 to 15 digits (E.164); else as national numbers are grouped, and no date or number of an order. */
function isPhone(text: string, before: string): boolean {
  const digits = text.replace(/\D/g, "");
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
  return /^\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$/.test(text);
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
