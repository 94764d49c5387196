import { Template } from "@huggingface/jinja";
import { LoragError, type Message } from "../contracts/index.ts";
import { formatDate } from "./format-date.ts";

export interface ChatTemplate {
  /**
   * The chat as the model was trained to see it. `prompt` adds the opening of the assistant's turn. Special tokens
   * written inside messages are broken by a space, so that a document cannot end a turn or open another. Where the model
   * knows no system role, a system message begins the user's turn that follows it.
   */
  render(messages: readonly Message[], options: { prompt: boolean }): string;
}

/** Control strings of the tokenizer: never to be believed in a message's text. */
export interface ChatTokens {
  bos?: string | undefined;
  eos?: string | undefined;
  special: Iterable<string>;
}

/**
 * A chat template in Jinja, as `tokenizer_config.json` and GGUF files carry it (source:
 * https://huggingface.co/docs/transformers/chat_templating). `today`, as `2026-01-31`, is the date that it prints, if it
 * prints one; without it that of the machine. Throws LORAG_CHAT_TEMPLATE.
 */
export function createChatTemplate(source: string, tokens: ChatTokens, today?: string): ChatTemplate {
  // The renderer's own function of that name cannot be replaced.
  const template = attempt(() => new Template(source.replaceAll("strftime_now", "strftime_today")));
  const special = [...tokens.special].filter((text) => text.length > 1);
  const harmless = (text: string): string =>
    special.reduce((out, token) => out.replaceAll(token, `${token[0]} ${token.slice(1)}`), text);
  const strftime = (format: string): string =>
    formatDate(today === undefined ? new Date() : new Date(`${today}T00:00:00Z`), format);
  const render = (messages: readonly Message[], prompt: boolean): string =>
    template.render({
      messages: messages.map(({ role, content }) => ({ role, content: harmless(content) })),
      add_generation_prompt: prompt,
      // Given as None by transformers, which templates tell from what is not defined.
      tools: null,
      documents: null,
      bos_token: tokens.bos ?? "",
      eos_token: tokens.eos ?? "",
      strftime_today: strftime,
    });
  const folds = !showsSystem((messages) => render(messages, true));
  return {
    render: (messages, { prompt }) => attempt(() => render(folds ? foldSystem(messages) : messages, prompt)),
  };
}

/** Whether a system message reaches the model: some templates refuse it, some leave it out. */
function showsSystem(render: (messages: readonly Message[]) => string): boolean {
  const mark = "Mark of a system message";
  try {
    return render([
      { role: "system", content: mark },
      { role: "user", content: "Hello" },
    ]).includes(mark);
  } catch {
    return false;
  }
}

/** Puts each system message before the text of the user's turn that follows it, or else of the last one. */
export function foldSystem(messages: readonly Message[]): Message[] {
  const folded: Message[] = [];
  let held: string[] = [];
  for (const { role, content } of messages) {
    if (role === "system") held.push(content);
    else if (role !== "user") folded.push({ role, content });
    else {
      folded.push({ role, content: [...held, content].join("\n\n") });
      held = [];
    }
  }
  if (held.length === 0) return folded;
  const last = folded.findLastIndex(({ role }) => role === "user");
  if (last < 0) return [...folded, { role: "user", content: held.join("\n\n") }];
  return folded.with(last, { role: "user", content: [folded[last]!.content, ...held].join("\n\n") });
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new LoragError({
      code: "LORAG_CHAT_TEMPLATE",
      kind: "data",
      message: `The model's chat template failed: ${String(cause).slice(0, 200)}`,
      next: "Check that roles alternate as the model expects, or use a model with a simpler template.",
      cause,
    });
  }
}
