import type { Network } from "./network.ts";

/**
 * Personalised PageRank (Haveliwala, WWW 2002): the share of time that a walk spends at each node which goes along an
 * edge, chosen by weight, with probability `damping`, and else jumps to a node chosen by `teleport`. From a node without
 * edges it always jumps. By power iteration until the shares change by less than `tolerance` in sum.
 *
 * `teleport`: one number per node, none negative, of any sum above 0. Returns shares that sum to 1.
 */
export function pageRank(
  network: Network,
  teleport: Float32Array,
  { damping = 0.5, tolerance = 1e-5, mostIterations = 100 } = {},
): Float32Array {
  const { nodes, offsets, targets, weights, degrees } = network;
  const sum = teleport.reduce((total, value) => total + value, 0);
  const jump = teleport.map((value) => value / sum);
  const rank = jump.slice();
  const outflow = new Float32Array(nodes);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    let stuck = 0;
    for (let node = 0; node < nodes; node++) {
      const degree = degrees[node]!;
      if (degree === 0) stuck += rank[node]!;
      else outflow[node] = rank[node]! / degree;
    }
    let change = 0;
    const jumped = 1 - damping + damping * stuck;
    for (let node = 0, at = 0; node < nodes; node++) {
      let inflow = 0;
      for (const end = offsets[node + 1]!; at < end; at++) inflow += weights[at]! * outflow[targets[at]!]!;
      const value = jumped * jump[node]! + damping * inflow;
      change += Math.abs(value - rank[node]!);
      rank[node] = value;
    }
    if (change < tolerance) break;
  }
  return rank;
}
