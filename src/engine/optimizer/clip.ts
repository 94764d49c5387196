/** Euclidean length of a gradient; NaN or infinite if any element is. */
export function globalNorm(gradient: Float32Array): number {
  let total = 0;
  // Several times faster than `for (const value of gradient)`, and there are millions.
  for (let i = 0; i < gradient.length; i++) total += gradient[i]! * gradient[i]!;
  return Math.sqrt(total);
}

/**
 * Scales a gradient in place so that its length is at most `limit`, as torch.nn.utils.clip_grad_norm_ does.
 * Returns the length before clipping.
 */
export function clipGlobalNormInPlace(gradient: Float32Array, limit: number): number {
  const norm = globalNorm(gradient);
  const scale = limit / (norm + 1e-6);
  if (scale < 1) for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * scale;
  return norm;
}
