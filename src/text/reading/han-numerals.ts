const digits: Record<string, number> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  兩: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const scales: Record<string, number> = { 十: 10, 百: 100, 千: 1000 };
const myriads: Record<string, number> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8 };

export const hanNumeral = "[〇零一二两兩三四五六七八九十百千万萬亿億]+";

/** `一千二百三十四` is 1234, `二〇二四` is 2024. */
export function readHanNumeral(text: string): number | undefined {
  if (text.length > 1 && [...text].every((char) => digits[char] !== undefined))
    return Number([...text].map((char) => digits[char]).join(""));
  let [total, part, last] = [0, 0, -1];
  for (const char of text) {
    if (digits[char] !== undefined) last = digits[char];
    else if (scales[char] !== undefined) {
      part += (last < 0 ? 1 : last) * scales[char];
      last = -1;
    } else {
      const myriad = myriads[char];
      if (myriad === undefined) return undefined;
      total += (part + Math.max(last, 0) || 1) * myriad;
      [part, last] = [0, -1];
    }
  }
  return total + part + Math.max(last, 0);
}
