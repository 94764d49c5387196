/**
 * node-llama-cpp behind HTTP, as a peer of the serve bench: OpenAI's streamed chat completions and no more.
 * usage: node_llama_server.mjs LIBRARY_ENTRY_FILE MODEL.gguf SEQUENCES THREADS
 * Prints its port. Requests beyond SEQUENCES wait.
 */
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [library, modelPath, sequences, threads] = process.argv.slice(2);
const { getLlama } = await import(pathToFileURL(library).href);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", progressLogs: false });
const model = await llama.loadModel({ modelPath });
const count = Number(sequences);
const context = await model.createContext({
  sequences: count,
  contextSize: 512,
  batchSize: 512,
  threads: Number(threads),
});
const free = Array.from({ length: count }, () => context.getSequence());
const waiting = [];
const take = () => (free.length > 0 ? free.pop() : new Promise((resolve) => waiting.push(resolve)));
const give = (row) => (waiting.length > 0 ? waiting.shift()(row) : free.push(row));

const render = (messages) =>
  `${messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join("")}<|im_start|>assistant\n`;

const server = createServer(async (request, response) => {
  let text = "";
  for await (const piece of request) text += piece;
  const { messages, max_tokens: most = 64 } = JSON.parse(text);
  const row = await take();
  try {
    response.writeHead(200, { "content-type": "text/event-stream" });
    await row.clearHistory();
    let written = 0;
    const tokens = model.tokenize(render(messages), true);
    // As the bench asks of both sides: so many tokens, an end among them or not.
    for await (const token of row.evaluate(tokens, { temperature: 0, yieldEogToken: true })) {
      const delta = { content: model.detokenize([token]) };
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`);
      if (++written >= most || response.destroyed) break;
    }
    response.end("data: [DONE]\n\n");
  } finally {
    give(row);
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
