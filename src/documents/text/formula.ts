/**
 * Formulas as they are typed in a line, for whom no typesetting is there: (a+b)/2, x^2, x_1, √(x+1), [a, b; c, d]. A part
 * stands in brackets where it would otherwise be read as another.
 */
export const fraction = (above: string, below: string): string => `${grouped(above)}/${grouped(below)}`;

export const binomial = (above: string, below: string): string => `(${above} choose ${below})`;

export function scripts(base: string, below: string, above: string): string {
  // Primes and degrees are raised by themselves.
  const isRaised = /^[′″‴'°*†∘]+$/u.test(above);
  const index = below === "" ? "" : `_${grouped(below)}`;
  const power = above === "" ? "" : isRaised ? above.replace("∘", "°") : `^${grouped(above)}`;
  const whole = isSimple(base) || index + power === "" ? base : `(${base})`;
  return whole + index + power;
}

const roots: Record<string, string> = { "": "√", "2": "√", "3": "∛", "4": "∜" };

export const root = (radicand: string, degree: string): string =>
  roots[degree] ? `${roots[degree]}${grouped(radicand)}` : `root_${grouped(degree)}(${radicand})`;

/** Columns of equations that are aligned at their signs are one line each. */
export const matrix = (rows: string[][]): string =>
  rows.map((row) => row.join(", ").replace(/, (?=[=<>≤≥≈≡∼≠→⇒⇔])/gu, " ")).join("; ");

/** Marks over and under letters, by the signs that editors of formulas put there. */
const accents: Record<string, string> = {
  "¯": "\u0304",
  "‾": "\u0304",
  "\u0305": "\u0304",
  "―": "\u0304",
  "^": "\u0302",
  ˆ: "\u0302",
  "~": "\u0303",
  "˜": "\u0303",
  "→": "\u20d7",
  "˙": "\u0307",
  "¨": "\u0308",
  ˇ: "\u030c",
};

/** Signs that are drawn over or under a formula and say nothing of it: braces, brackets, a rule. */
const braces = /^(?:[⏞⏟⎴⎵︷︸_]|\u0332)*$/u;

/** `base` with a sign over it; undefined where that is no accent but a limit or a label. */
export function accented(base: string, sign: string): string | undefined {
  const mark = accents[sign] ?? (/^\p{M}$/u.test(sign) ? sign : undefined);
  if (mark === undefined || !/^\p{L}\p{M}*$/u.test(base))
    return mark !== undefined || braces.test(sign) ? base : undefined;
  return base + mark;
}

/** Of the signs that are not seen, the application of a function is a space, a separator a comma. */
export const settled = (text: string): string =>
  text
    .replace(/\s*\u2061(?=[\p{L}\p{N}√∛∜])/gu, " ")
    .replace(/[\u2061\u2062\u2064]/g, "")
    .replace(/\u2063/g, ",");

/** The end of a row, as much as is looked at. */
const tailLength = 80;

/** Pieces of a row side by side; words keep a space between them, and so does what follows a sum's limits. */
export function joined(pieces: string[]): string {
  let row = "";
  for (const piece of pieces) {
    const tail = row.slice(-tailLength);
    const isText = /^[\p{L}\p{N}√∛∜]/u.test(piece);
    const isWord = /\p{L}{2}$/u.test(tail) || (/[\p{L}\p{N}]$/u.test(tail) && /^\p{L}{2}/u.test(piece));
    row += isText && (isWord || withLimits.test(tail)) ? ` ${piece}` : piece;
  }
  // The brackets around a binomial are there already.
  return row.replace(/\((\([^()]{0,200} choose [^()]{0,200}\))\)/g, "$1");
}

const part = "(?:\\([^()]*\\)|[^\\s()_^])+";
/** A sum, an integral or a named function with its limits. */
const withLimits = new RegExp(
  `(?:[∑∏∐∫-∳⋀-⋃]|lim|max|min|sup|inf|log|sin|cos|tan|argmax|argmin)(?:_${part}|(?:_${part})?\\^${part})$`,
  "u",
);

/** In brackets, unless nobody can read it in another way: a number, letters of one word, or what has its brackets. */
function grouped(text: string): string {
  return /^[+−-]?(?:\d[\d.,]*|(?:\p{L}\p{M}*)+|[∞∅])$/u.test(text) || isBracketed(text) ? text : `(${text})`;
}

const isSimple = (text: string): boolean => !/[+\-−/=\s×·]/u.test(text.trim()) || isBracketed(text);

const opening = "([{|⟨⌊⌈‖";
const closing = ")]}|⟩⌋⌉‖";

function isBracketed(text: string): boolean {
  if (text.length < 2) return false;
  const kind = opening.indexOf(text[0]!);
  if (kind < 0 || text.at(-1) !== closing[kind]) return false;
  if (opening[kind] === closing[kind]) return text.indexOf(text[0]!, 1) === text.length - 1;
  let depth = 0;
  for (let at = 0; at < text.length - 1; at++) {
    if (text[at] === opening[kind]) depth++;
    else if (text[at] === closing[kind] && --depth === 0) return false;
  }
  return true;
}
