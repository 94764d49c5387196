/** What the text of a number must be; bounds included. */
export interface NumberRange {
  isInteger: boolean;
  min: number;
  max: number;
}

/** An exponent of two digits at most: with more the number might be none that a client can hold. */
const part = /^-?(?:$|0$|[1-9]\d*$|(?:0|[1-9]\d*)\.\d*$|(?:0|[1-9]\d*)(?:\.\d+)?[eE][+-]?\d{0,2}$)/;
const whole = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** A number longer than this says no more: a model might write digits for ever. */
const longest = 20;

/** Whether a text can be made a number of the range by writing on. */
export function mayGoOn(text: string, range: NumberRange): boolean {
  if (text.length > longest || !part.test(text)) return false;
  if (text.length === longest && !whole.test(text)) return false;
  if (range.isInteger && /[.eE]/.test(text)) return false;
  const hasBounds = range.min > -Infinity || range.max < Infinity;
  if (!hasBounds) return true;
  // An exponent could bring any number into the range, and out of it.
  if (/[eE]/.test(text)) return false;
  if (text === "-") return range.min < 0 || (range.min === 0 && !range.isInteger);
  if (text === "") return true;
  return reaches(text, range);
}

export const mayEnd = (text: string, { min, max }: NumberRange): boolean =>
  whole.test(text) && Number(text) >= min && Number(text) <= max;

/** Whether any number that begins with the digits of `text` lies in the range. */
function reaches(text: string, { isInteger, min, max }: NumberRange): boolean {
  const isNegative = text.startsWith("-");
  const digits = isNegative ? text.slice(1) : text;
  const [low, high] = isNegative ? [-max, -min] : [min, max];
  const places = digits.split(".")[1];
  const first = Number(digits);
  if (places !== undefined) return first <= high && low < first + 10 ** -places.length;
  if (first === 0) return 0 <= high && (isInteger ? low <= 0 : low < 1);
  for (let more = 0; digits.length + more <= longest; more++) {
    const from = first * 10 ** more;
    const to = (first + 1) * 10 ** more;
    if (from <= high && (isInteger ? low <= to - 1 : low < to)) return true;
  }
  return false;
}
