import type { Message } from "../../contracts/index.ts";

/**
 * About how many tokens a text has, where only the endpoint has the tokenizer: a short word or sign is one, a longer word
 * one for each five letters begun, a character of a script without spaces one.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [part] of text.matchAll(dense)) tokens += [...part].length;
  for (const [word] of text.replaceAll(dense, " ").matchAll(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu)) {
    tokens += Math.ceil(word.length / 5);
  }
  return tokens;
}

/** With what a chat template puts around each message, and before the answer. */
export const estimatePrompt = (messages: readonly Message[]): number =>
  messages.reduce((total, { content }) => total + 4 + estimateTokens(content), 3);

const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]+/gu;
