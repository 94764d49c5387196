import type { OpenModel } from "../hub/open-model.ts";
import { ollamaTemplate } from "./ollama-template.ts";

/**
 * A Modelfile (https://docs.ollama.com/modelfile) that answers as lorag does: the model's chat template in Go, greedy, and
 * stopping where the model was trained to stop. Where the template cannot be told in Go, Ollama is left to find it in the
 * GGUF file.
 */
export function ollamaModelfile(
  { chatTemplate, tokenizer, endIds }: OpenModel,
  { from, system, maxTokens }: { from: string; system: string; maxTokens: number },
): string {
  const template = chatTemplate && ollamaTemplate(chatTemplate);
  const stops = endIds.flatMap((id) => tokenizer.specialTokens.get(id) ?? []);
  return [
    `FROM ${from}`,
    ...(template === undefined ? [] : [`TEMPLATE """${template}"""`]),
    `SYSTEM """${system.replaceAll('"""', '"')}"""`,
    ...stops.map((stop) => `PARAMETER stop ${JSON.stringify(stop)}`),
    "PARAMETER temperature 0",
    "PARAMETER repeat_penalty 1",
    `PARAMETER num_predict ${maxTokens}`,
    "",
  ].join("\n");
}
