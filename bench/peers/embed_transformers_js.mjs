/**
 * One side of `npm run bench -- embed`: transformers.js in f32. Reads a job as JSON from stdin:
 *   {"library": its entry file, "folder": parent of the model's folder, "model": its name, "texts": [...],
 *    "threads": n, "passes": n, "batch": n}
 * Prints {"seconds": [per pass]} as JSON.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const job = JSON.parse(readFileSync(0, "utf8"));
const { env, pipeline } = await import(pathToFileURL(job.library).href);
env.allowRemoteModels = false;
env.localModelPath = job.folder;
const embed = await pipeline("feature-extraction", job.model, {
  dtype: "fp32",
  device: "cpu",
  session_options: { intraOpNumThreads: job.threads, interOpNumThreads: 1 },
});

async function encodeAll() {
  for (let at = 0; at < job.texts.length; at += job.batch) {
    const vectors = await embed(job.texts.slice(at, at + job.batch), { pooling: "mean", normalize: true });
    vectors.dispose?.();
  }
}
await encodeAll();
const seconds = [];
for (let pass = 0; pass < job.passes; pass++) {
  const began = performance.now();
  await encodeAll();
  seconds.push((performance.now() - began) / 1000);
}
console.log(JSON.stringify({ seconds }));
process.exit(0);
