/** Where a list has come to. */
export interface List {
  ordered: boolean;
  next: number;
  step: number;
  /** `1`, `a`, `A`, `i`, `I`, or CSS's and Word's names for them. */
  style: string;
}

/** The mark of the list's next item, with the space behind it: `- `, `3. `, `c. `. */
export function listMark(list: List | undefined): string {
  if (!list?.ordered) return "- ";
  const mark = formatNumber(list.next, list.style);
  list.next += list.step;
  return `${mark}. `;
}

/** A number as its list writes it. */
export function formatNumber(number: number, style: string): string {
  if (number < 1 || number > 3999) return String(number);
  if (/^(?:a|lower-?(?:alpha|latin|letter))$/i.test(style)) {
    const letters = toLetters(number);
    return style === "A" ? letters.toUpperCase() : letters;
  }
  if (/^upper-?(?:alpha|latin|letter)$/i.test(style)) return toLetters(number).toUpperCase();
  if (/^(?:i|lower-?roman)$/i.test(style))
    return style === "I" ? toRoman(number) : toRoman(number).toLowerCase();
  if (/^upper-?roman$/i.test(style)) return toRoman(number);
  return /^decimal-?(?:leading-)?zero$/i.test(style) ? String(number).padStart(2, "0") : String(number);
}

function toLetters(number: number): string {
  let letters = "";
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(97 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

const romans: [number, string][] = [
  [1000, "M"],
  [900, "CM"],
  [500, "D"],
  [400, "CD"],
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

function toRoman(number: number): string {
  let rest = number;
  let text = "";
  for (const [value, letters] of romans) {
    while (rest >= value) {
      text += letters;
      rest -= value;
    }
  }
  return text;
}
