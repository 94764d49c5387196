import { dot } from "../../vectors/index.ts";

/** Writes the gradient at `point` into `gradient` and returns the value. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

const memory = 8;
const sufficientDecrease = 1e-4;

/**
 * L-BFGS with backtracking (Nocedal and Wright, 2006, algorithm 7.5), from the origin. Stops when the largest gradient
 * component is at most `tolerance`, when no step helps any more, or after `maxIterations`.
 */
export function minimise(
  objective: Objective,
  size: number,
  { maxIterations = 100, tolerance = 1e-4 } = {},
): Float64Array {
  let point = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = objective(point, gradient);
  const steps: { move: Float64Array; change: Float64Array; curvature: number }[] = [];

  for (let iteration = 0; iteration < maxIterations && largest(gradient) > tolerance; iteration++) {
    const direction = findDirection(gradient, steps);
    const slope = dot(direction, gradient);
    let length = steps.length === 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let nextValue = Infinity;
    for (; length > 1e-10; length /= 2) {
      for (let i = 0; i < size; i++) next[i] = point[i]! + length * direction[i]!;
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + sufficientDecrease * length * slope) break;
    }
    if (nextValue >= value) break;
    const move = next.map((entry, i) => entry - point[i]!);
    const change = nextGradient.map((entry, i) => entry - gradient[i]!);
    const curvature = dot(move, change);
    if (curvature > 1e-12) steps.push({ move, change, curvature });
    if (steps.length > memory) steps.shift();
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  return point;
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function findDirection(
  gradient: Float64Array,
  steps: { move: Float64Array; change: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((entry) => -entry);
  const pulls = new Map<object, number>();
  for (const step of steps.toReversed()) {
    const pull = dot(step.move, direction) / step.curvature;
    pulls.set(step, pull);
    addScaled(direction, step.change, -pull);
  }
  const last = steps.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.change, last.change);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (const step of steps)
    addScaled(direction, step.move, pulls.get(step)! - dot(step.change, direction) / step.curvature);
  return direction;
}

function addScaled(target: Float64Array, source: Float64Array, scale: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += scale * source[i]!;
}

function largest(values: Float64Array): number {
  let found = 0;
  for (const value of values) found = Math.max(found, Math.abs(value));
  return found;
}
