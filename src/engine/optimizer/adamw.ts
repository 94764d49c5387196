/**
 * Adam with decoupled weight decay (https://arxiv.org/abs/1711.05101), in the order of operations of
 * torch.optim.AdamW. State and parameters are flat arrays of equal length.
 */
export interface AdamWOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

export const adamWDefaults: AdamWOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

export interface AdamWState {
  /** Updates made so far. */
  step: number;
  /** Running mean of the gradient. */
  mean: Float32Array<ArrayBuffer>;
  /** Running mean of its square. */
  square: Float32Array<ArrayBuffer>;
}

export function initializeAdamW(size: number): AdamWState {
  return { step: 0, mean: new Float32Array(size), square: new Float32Array(size) };
}

/** One step, which changes `parameters` and the arrays of `state` in place and returns the new state. */
export function updateAdamWInPlace(
  parameters: Float32Array,
  gradient: Float32Array,
  state: AdamWState,
  learningRate: number,
  { beta1, beta2, epsilon, weightDecay }: AdamWOptions,
): AdamWState {
  const { mean, square } = state;
  const step = state.step + 1;
  const stepSize = learningRate / (1 - beta1 ** step);
  const correction = Math.sqrt(1 - beta2 ** step);
  const keep = 1 - learningRate * weightDecay;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i]!;
    const m = beta1 * mean[i]! + (1 - beta1) * g;
    const v = beta2 * square[i]! + (1 - beta2) * g * g;
    mean[i] = m;
    square[i] = v;
    parameters[i] = parameters[i]! * keep - (stepSize * m) / (Math.sqrt(v) / correction + epsilon);
  }
  return { step, mean, square };
}
