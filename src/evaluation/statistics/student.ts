/** P(|T| >= |t|) for Student's t with `df` degrees of freedom, which need not be whole. */
export function studentTail(t: number, df: number): number {
  return regularisedBeta(df / (df + t * t), df / 2, 0.5);
}

/** The t that |T| passes with the chance of `tail`, at most a half: 2.776 for 0.05 and 4 degrees of freedom. */
export function studentQuantile(tail: number, df: number): number {
  const logScale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  const density = (t: number) => Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df));
  // The tail falls ever less steeply: from below, Newton's steps never go too far.
  let t = 0.5;
  for (let step = 0; step < 100; step++) {
    const next = t + (studentTail(t, df) - tail) / (2 * density(t));
    if (next - t < 1e-12 * t) return next;
    t = next;
  }
  return t;
}

/** I_x(a, b), by its continued fraction (DLMF 8.17.22), which converges fast where x is below the mean of the Beta law. */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a);
  const logFront = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  // Lentz's way through the fraction 1 / (1 + d1 / (1 + d2 / (1 + ...))).
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d, tiny);
      c = nonZero(1 + term / c, tiny);
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return (Math.exp(logFront) / a) * fraction;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** Lanczos' approximation (1964), g = 7, for x > 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const sum = lanczos.reduce(
    (total, weight, index) => total + weight / (shifted + index + 1),
    0.9999999999998099,
  );
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}
