import type { EncodedExample } from "./encode.ts";

/**
 * Prompts often begin alike: the same system message, the same passages. In a row of a batch such a beginning is laid
 * out once, and each sequence goes on from it, so that it costs nothing the second time. What each token sees is
 * the same as if every sequence stood alone, and so are loss and gradient.
 *
 * The last token of a prompt is never shared: it predicts the completion.
 */
export function sharedLength(a: EncodedExample, b: EncodedExample): number {
  const most = Math.min(shareable(a), shareable(b));
  let length = 0;
  while (length < most && a.ids[length] === b.ids[length]) length++;
  return length;
}

/** Orders sequences so that each shares with its predecessor as much as with any before it. */
export function byPrompt(a: EncodedExample, b: EncodedExample): number {
  const shared = sharedLength(a, b);
  const tokenAt = (example: EncodedExample): number =>
    shared < shareable(example) ? example.ids[shared]! : -1;
  return tokenAt(a) - tokenAt(b);
}

const shareable = (example: EncodedExample): number => example.completionStart - 1;
