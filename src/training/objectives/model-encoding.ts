import { LoragError, type Example } from "../../contracts/index.ts";
import { openModel, type OpenModel, type ResolvedModel } from "../../models/index.ts";
import { encodeExample, type EncodeOptions } from "./encode.ts";

/** How a model reads examples. Throws LORAG_NO_CHAT where it cannot learn to answer. */
export function encodeOptions(model: OpenModel): EncodeOptions {
  const { tokenizer, chatTemplate, endIds } = model;
  const endToken = endIds.find((id) => id === tokenizer.eos) ?? endIds[0];
  if (!chatTemplate || endToken === undefined) {
    throw new LoragError({
      code: "LORAG_NO_CHAT",
      kind: "config",
      message: `${model.name} has no ${chatTemplate ? "end-of-text token" : "chat template"}, so it cannot learn to answer`,
      next: "Choose an instruction-tuned model, such as SmolLM2-135M-Instruct.",
    });
  }
  return {
    render: (messages, prompt) => chatTemplate.render(messages, { prompt }),
    tokenize: (text) => tokenizer.encode(text),
    endToken,
  };
}

/** Counts the tokens of examples as a model is trained on them: what `sequence_len` limits. Throws LORAG_NO_CHAT. */
export async function openExampleLength(model: ResolvedModel): Promise<(example: Example) => number> {
  const opened = await openModel(model);
  opened.weights.close();
  const options = encodeOptions(opened);
  return (example) => encodeExample(example, options).ids.length;
}

/** An example as the model reads it. */
export interface ExampleView {
  /** As the chat template writes it; no loss is taken on it. */
  prompt: string;
  promptTokens: number;
  /** Texts of the tokens that are trained, the end token included. */
  trained: string[];
}

/** Tells examples as a model is trained on them. Throws LORAG_NO_CHAT, and what encoding an example throws. */
export async function openExampleView(model: ResolvedModel): Promise<(example: Example) => ExampleView> {
  const opened = await openModel(model);
  opened.weights.close();
  const options = encodeOptions(opened);
  return (example) => {
    const { ids, completionStart } = encodeExample(example, options);
    const textOf = (part: number[]): string => opened.tokenizer.decode(part, { special: true });
    return {
      prompt: options.render(example.prompt, true),
      promptTokens: completionStart,
      trained: Array.from(ids.subarray(completionStart), (id) => textOf([id])),
    };
  };
}
