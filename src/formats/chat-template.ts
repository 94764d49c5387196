import { Template } from "@huggingface/jinja";
import { LoragError, type Message } from "../contracts/index.ts";

export interface ChatTemplate {
  /**
   * The chat as the model was trained to see it. `prompt` adds the opening of the assistant's turn. Special tokens
   * written inside messages are broken by a space, so that a document cannot end a turn or open another.
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
 * https://huggingface.co/docs/transformers/chat_templating). Throws LORAG_CHAT_TEMPLATE.
 */
export function createChatTemplate(source: string, tokens: ChatTokens): ChatTemplate {
  const template = attempt(() => new Template(source));
  const special = [...tokens.special].filter((text) => text.length > 1);
  const harmless = (text: string): string =>
    special.reduce((out, token) => out.replaceAll(token, `${token[0]} ${token.slice(1)}`), text);
  return {
    render: (messages, { prompt }) =>
      attempt(() =>
        template.render({
          messages: messages.map(({ role, content }) => ({ role, content: harmless(content) })),
          add_generation_prompt: prompt,
          // Given as None by transformers, which templates tell from what is not defined.
          tools: null,
          documents: null,
          bos_token: tokens.bos ?? "",
          eos_token: tokens.eos ?? "",
        }),
      ),
  };
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
