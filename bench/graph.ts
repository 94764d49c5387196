import { pageRank, toNetwork } from "../src/graph/index.ts";
import { seededRandom } from "../src/random/index.ts";
import { graphOf, readMusique } from "./musique.ts";
import { openEmbedder } from "./rank-documents.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const nodes = 100_000;
const edgeCount = 1_200_000;
const rounds = 9;

/**
 * What a graph costs: tokens of a language model to make one (of MuSiQue's 1,890 passages), and the time of one personalised PageRank over made-up edges, nodes drawn as often as
 * entities of a text are (Zipf), from ten nodes.
 */
export async function run(): Promise<BenchResult> {
  const random = seededRandom(7);
  const node = (): number => Math.min(nodes - 1, Math.floor(nodes ** random()));
  const edges = Array.from({ length: edgeCount }, () => ({
    from: Math.floor(random() * nodes),
    to: node(),
    weight: 0.05 + random(),
  }));
  const network = toNetwork(nodes, edges);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const teleport = new Float32Array(nodes);
    for (let seed = 0; seed < 10; seed++) teleport[Math.floor(random() * nodes)] = 1;
    const began = performance.now();
    pageRank(network, teleport);
    times.push(performance.now() - began);
  }
  const milliseconds = times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;

  const embedder = await openEmbedder();
  const { documents } = readMusique();
  const began = performance.now();
  const graph = await graphOf(documents, embedder);
  const seconds = (performance.now() - began) / 1000;
  await embedder.close();
  return {
    bench: "graph",
    machine: describeMachine(),
    rows: [
      {
        name: "llm-tokens",
        // The parts that a graph is made of hold no language model: it takes an embedder and nothing else.
        value: 0,
        unit: "tokens of a language model to build a graph",
        ours: `${graph.passages.length} passages, ${graph.entities.length} entities in ${round(seconds)} s (vectors cached)`,
        peer: "none",
      },
      {
        name: "ppr-ms",
        value: round(milliseconds),
        unit: "ms, median, lower is better",
        ours: `${nodes} nodes, ${edgeCount} edges, damping 0.5`,
        peer: "none",
      },
    ],
  };
}
