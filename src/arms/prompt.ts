import type { Chunk, Example, Message } from "../contracts/index.ts";
import { chunkHeader } from "../documents/index.ts";

/** What every arm and every training example says around a question. From the config. */
export interface PromptStyle {
  systemPrompt: string;
  abstainAnswer: string;
}

/**
 * The one prompt of the comparison: the same system message for every arm; arms that retrieve get numbered
 * passages before the question. RAFT training renders its examples with this very function.
 *
 * `question` ends with the user's message; its own system message, if any, takes the place of the style's. Others stay
 * where they stand. `examples` become earlier turns, without passages.
 */
export function renderPrompt(
  question: Message[],
  style: PromptStyle,
  passages: Chunk[] = [],
  examples: Example[] = [],
): Message[] {
  const own = question[0]?.role === "system" ? question[0] : undefined;
  const turns = question.filter((message) => message !== own);
  const last = turns.at(-1);
  const rules = [
    own?.content ?? style.systemPrompt,
    `If you cannot answer, say: ${style.abstainAnswer}`,
    ...(passages.length > 0 ? ["Answer from the passages alone and cite the one you used, like [1]."] : []),
  ];
  const asked = last?.content ?? "";
  return [
    { role: "system", content: rules.join(" ") },
    // The nearest comes last, beside the question.
    ...examples.toReversed().flatMap(turnsOf),
    ...turns.slice(0, -1),
    {
      role: "user",
      content: passages.length > 0 ? `${renderPassages(passages)}\n\nQuestion: ${asked}` : asked,
    },
  ];
}

/** An example as a conversation that went well. */
const turnsOf = ({ prompt, completion }: Example): Message[] => [
  ...prompt.filter(({ role }) => role !== "system"),
  { role: "assistant", content: completion },
];

/** Passages as the model reads them, numbered from 1, best first. */
function renderPassages(passages: Chunk[]): string {
  return passages
    .map((chunk, index) => `[${index + 1}] ${chunkHeader(chunk)}\n${bodyOf(chunk)}`)
    .join("\n\n");
}

/** A chunk's text without the heading that it may begin with: the header before it ends with that. */
function bodyOf({ title, headings, text }: Chunk): string {
  const [first, ...rest] = text.trim().split("\n");
  const isHeading = first!.replace(/^#+\s*/, "") === [title, ...headings].at(-1);
  return (isHeading && rest.join("\n").trim()) || text.trim();
}

/** The question in its own words: the last user turn. */
export const questionOf = (prompt: Message[]): string =>
  prompt.findLast((message) => message.role === "user")?.content ?? "";
