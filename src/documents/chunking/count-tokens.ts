export type CountTokens = (text: string) => number;

/** About a token for four letters, and one for each character of scripts without spaces. */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let index = 0; index < text.length; index++) quarters += text.charCodeAt(index) >= 0x2e80 ? 4 : 1;
  return Math.ceil(quarters / 4);
}
