/**
 * node-llama-cpp as a peer of the decode and prefill benches.
 * usage: node_llama_decode.mjs LIBRARY_ENTRY_FILE MODEL.gguf [MODEL.gguf ...]
 * Answers each JSON request line with one JSON line, as llama_decode.py does:
 *   {"job": "decode", "model": 0, "sequences": 8, "threads": 2, "context": 384, "steps": 16} -> {"tokens_per_second": ...}
 *   {"job": "prefill", "model": 0, "threads": 2, "tokens": 512}                              -> {"tokens_per_second": ...}
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [library, ...paths] = process.argv.slice(2);
const { getLlama } = await import(pathToFileURL(library).href);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", progressLogs: false });
const models = [];
for (const modelPath of paths) models.push(await llama.loadModel({ modelPath }));

/** Steps that are timed together; the best such span counts. */
const together = 4;

const prompt = (length) => Array.from({ length }, (_, i) => 100 + i);

async function decode({ model = 0, sequences, threads, context: length, steps = 16 }) {
  const context = await models[model].createContext({
    sequences,
    contextSize: length + 128,
    batchSize: 512,
    threads,
  });
  try {
    const rows = Array.from({ length: sequences }, () => context.getSequence());
    for (const row of rows) await row.evaluateWithoutGeneratingNewTokens(prompt(length - 1));
    const times = await Promise.all(
      rows.map(async (row, i) => {
        const times = [];
        for await (const _ of row.evaluate([500 + 7 * i], { temperature: 0, yieldEogToken: true })) {
          times.push(performance.now());
          if (times.length > steps) break;
        }
        return times;
      }),
    );
    // A step ends when its last row has a token. One that is heard of late makes the next look short, so several are
    // timed together.
    const ends = times[0].map((_, step) => Math.max(...times.map((row) => row[step]))).slice(1);
    const spans = ends.slice(together).map((end, step) => (end - ends[step]) / together);
    return (1000 * sequences) / Math.min(...spans);
  } finally {
    await context.dispose();
  }
}

async function prefill({ model = 0, threads, tokens }) {
  const context = await models[model].createContext({ contextSize: 2 * tokens, batchSize: tokens, threads });
  try {
    const row = context.getSequence();
    const times = [];
    for (let run = 0; run < 3; run++) {
      await row.clearHistory();
      const began = performance.now();
      await row.evaluateWithoutGeneratingNewTokens(prompt(tokens));
      times.push(performance.now() - began);
    }
    return (1000 * tokens) / Math.min(...times);
  } finally {
    await context.dispose();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const rate = await (request.job === "prefill" ? prefill(request) : decode(request));
  console.log(JSON.stringify({ tokens_per_second: rate }));
}
process.exit(0);
