import type { BenchResult } from "./result.ts";

const benches: Record<string, () => Promise<{ run(): Promise<BenchResult> }>> = {
  train: () => import("./train.ts"),
  "train-full": () => import("./train-full.ts"),
  head: () => import("./head.ts"),
  decode: () => import("./decode.ts"),
  prefill: () => import("./prefill.ts"),
  embed: () => import("./embed.ts"),
  retrieve: () => import("./retrieve.ts"),
  million: () => import("./million.ts"),
  crash: () => import("./crash.ts"),
  quality: () => import("./quality.ts"),
  scifact: () => import("./scifact.ts"),
  xquad: () => import("./xquad.ts"),
  musique: () => import("./musique.ts"),
  aws: () => import("./aws.ts"),
  banking77: () => import("./banking77.ts"),
  "banking77-heads": () => import("./banking77-heads.ts"),
  arithmetic: () => import("./arithmetic.ts"),
  demo: () => import("./demo.ts"),
  graph: () => import("./graph.ts"),
  terms: () => import("./terms.ts"),
  endpoint: () => import("./endpoint.ts"),
  responsive: () => import("./responsive.ts"),
  serve: () => import("./serve.ts"),
  grading: () => import("./grading.ts"),
  citations: () => import("./citations.ts"),
  claims: () => import("./claims.ts"),
  ingest: () => import("./ingest.ts"),
  "ingest-speed": () => import("./ingest-speed.ts"),
  bombs: () => import("./bombs.ts"),
  mutations: () => import("./mutations.ts"),
  export: () => import("./export.ts"),
  "data-clean": () => import("./data-clean.ts"),
  tune: () => import("./tune.ts"),
  ui: () => import("./ui.ts"),
};

const [name, ...flags] = process.argv.slice(2);
const load = benches[name ?? ""];
if (!load) {
  console.error(`usage: npm run bench -- NAME [--json]\nNAME: ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}
const result = await (await load()).run();
if (flags.includes("--json")) {
  console.log(JSON.stringify(result));
} else {
  console.log(`${result.bench} on ${result.machine}`);
  console.table(result.rows);
}
// Native peers may hold threads open.
process.exit(0);
