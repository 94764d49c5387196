/**
 * node-llama-cpp as the reader of exported GGUF files. Reads a job from stdin:
 *   {"model": file, "adapter": file or null, "sequences": [{"ids": [...], "start": n}], "texts": [...]}
 * and prints {"log_probabilities": [[...], ...], "tokens": [[...], ...], "template": text} as JSON: for each sequence the
 * natural logarithm of the probability of every token from `start` on.
 * usage: node_llama_scores.mjs LIBRARY_ENTRY_FILE < JOB
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { getLlama } = await import(pathToFileURL(process.argv[2]).href);
const job = JSON.parse(readFileSync(0, "utf8"));
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", progressLogs: false });
const model = await llama.loadModel({ modelPath: job.model });
const context = await model.createContext({
  contextSize: 512,
  threads: 2,
  // As exact as it gets: keys and values in float32.
  experimentalKvCacheKeyType: "F32",
  experimentalKvCacheValueType: "F32",
  ...(job.adapter && { lora: job.adapter }),
});
const sequence = context.getSequence();
const found = [];
for (const { ids, start } of job.sequences) {
  await sequence.clearHistory();
  const input = ids
    .slice(0, -1)
    .map((id, place) =>
      place < start - 1
        ? id
        : [
            id,
            { generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } } },
          ],
    );
  const outputs = await sequence.controlledEvaluate(input);
  found.push(ids.slice(start).map((id, i) => Math.log(outputs[start - 1 + i].next.probabilities.get(id))));
}
const tokens = (job.texts ?? []).map((text) => model.tokenize(text, true, "trimLeadingSpace"));
const template = model.fileInfo.metadata?.tokenizer?.chat_template;
console.log(JSON.stringify({ log_probabilities: found, tokens, template }));
process.exit(0);
