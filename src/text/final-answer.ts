import { grammars } from "./grammars/all-grammars.ts";

const thought = /<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/giu;
/** What a base model makes up behind its answer. */
const nextTurn = /\n\s*(?:question|q|user|human|frage|pregunta|вопрос|问题|質問)\s*[:：]/iu;
const phrases = grammars.flatMap(({ conclusions }) => conclusions ?? []).join("|");
/** At the opening of a line, a sentence or a clause: `So the answer is`, `**Answer:**`. */
const conclusion = new RegExp(
  `(?:^|\\n|[.!?;,。！？；，]\\s*)[#>*_\\s-]*(?:(?:so|therefore|thus|hence|then|also|damit|donc|entonces|quindi|portanto|dus|значит|итак|所以|因此|よって|したがって)[\\s,]*)?(?:${phrases})[*_]*\\s*[:：]?[*_]*\\s*(?=\\S)`,
  "giu",
);
/** The last line of a solution in the style of GSM8K. */
const hashes = /(?:^|\n)#{4}\s*(\S[^\n]*)\s*$/u;

/**
 * What a text concludes with, where it says so: behind the last `The answer is`, in the last `\\boxed{}`, on a last line
 * that opens with `####`; without what stands between `<think>` and its end. Else the whole text.
 */
export function finalAnswer(text: string): string {
  const plain = text.replace(thought, "").trim();
  const turn = nextTurn.exec(plain);
  const own = turn && turn.index > 0 ? plain.slice(0, turn.index).trim() : plain;
  const marked = hashes.exec(own)?.[1] ?? lastBoxed(own);
  if (marked !== undefined) return marked;
  const last = [...own.matchAll(conclusion)].at(-1);
  return last === undefined ? own : own.slice(last.index + last[0].length).trim() || own;
}

/** The content of the last `\\boxed{}`, by its own bracket. */
function lastBoxed(text: string): string | undefined {
  const at = text.lastIndexOf("\\boxed{");
  if (at < 0) return undefined;
  const from = at + "\\boxed{".length;
  let depth = 1;
  for (let end = from; end < text.length; end++) {
    if (text[end] === "{") depth++;
    if (text[end] === "}" && --depth === 0) return text.slice(from, end);
  }
  return undefined;
}
