import { LoragError } from "../../contracts/index.ts";
import type { Graph, Node, Tensor } from "../graph.ts";
import { accumulate, add } from "../ops/elementwise.ts";

/**
 * Reverse-mode differentiation. Returns the gradient of `loss` (a float32 scalar) with respect to each tensor of
 * `wrt`, in order, as new tensors of the same graph. Only what lies between `wrt` and `loss` is differentiated.
 * Throws LORAG_NO_GRADIENT where `loss` does not depend on a tensor, or an operation on the way has no gradient.
 */
export function gradients(graph: Graph, loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.shape.length > 0 || loss.dtype !== "float32") {
    throw noGradient(`The loss must be a float32 scalar, not ${loss.dtype}[${loss.shape.join(", ")}]`);
  }
  const path = nodesBetween(graph, loss, wrt);
  const found = new Map<number, Tensor[]>([[loss.id, [graph.constant("float32", 1)]]]);
  // Gradients that rules have read, and so are computed as they are.
  const read = new Set<Tensor>();
  for (const { node, wanted } of path.reverse()) {
    const outputGradients = node.outputs.map(({ id }) => total(found.get(id), read));
    for (const gradient of outputGradients) if (gradient) read.add(gradient);
    if (outputGradients.every((gradient) => gradient === undefined)) continue;
    if (!node.operation.gradient) throw noGradient(`The operation ${node.operation.name} has no gradient`);
    const inputGradients = node.operation.gradient(node, outputGradients, wanted);
    for (const [i, input] of node.inputs.entries()) {
      const gradient = inputGradients[i];
      if (!wanted[i] || !gradient) continue;
      found.set(input.id, [...(found.get(input.id) ?? []), gradient]);
    }
  }
  return wrt.map((tensor) => {
    const gradient = total(found.get(tensor.id), read);
    if (!gradient) throw noGradient(`The loss does not depend on tensor ${tensor.id}`);
    return gradient;
  });
}

/**
 * The sum of a tensor's gradients. Those that cannot add as they go come first, as do those that are computed anyway, then
 * the latest: an adapter's product, which is written before the frozen one that it is added to.
 */
function total(gradients: readonly Tensor[] | undefined, read: ReadonlySet<Tensor>): Tensor | undefined {
  if (!gradients) return undefined;
  const adds = (gradient: Tensor): boolean => {
    const source = gradient.graph.source(gradient);
    return !read.has(gradient) && "node" in source && source.node.operation.addTo !== undefined;
  };
  const latest = [...gradients].reverse();
  const ordered = [...latest.filter((gradient) => !adds(gradient)), ...latest.filter(adds)];
  return ordered.reduce((sofar, gradient) => (adds(gradient) ? accumulate : add)(sofar, gradient));
}

/** The nodes that `loss` depends on and that depend on `wrt`, in order, with the inputs that do. */
function nodesBetween(
  graph: Graph,
  loss: Tensor,
  wrt: readonly Tensor[],
): { node: Node; wanted: boolean[] }[] {
  const ancestors = new Map<number, Node>();
  const visited = new Set<number>();
  const waiting = [loss];
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    if (visited.has(tensor.id)) continue;
    visited.add(tensor.id);
    const source = graph.source(tensor);
    if (!("node" in source)) continue;
    ancestors.set(source.node.outputs[0]!.id, source.node);
    waiting.push(...source.node.inputs);
  }
  const dependent = new Set(wrt.map(({ id }) => id));
  const path: { node: Node; wanted: boolean[] }[] = [];
  for (const [, node] of [...ancestors].sort(([a], [b]) => a - b)) {
    const wanted = node.inputs.map(({ id }) => dependent.has(id));
    if (!wanted.includes(true)) continue;
    for (const { id } of node.outputs) dependent.add(id);
    path.push({ node, wanted });
  }
  return path;
}

function noGradient(message: string): LoragError {
  return new LoragError({
    code: "LORAG_NO_GRADIENT",
    kind: "internal",
    message,
    next: "Train with respect to tensors that the loss depends on, through operations that have a gradient rule.",
  });
}
