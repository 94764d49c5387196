/** One size of training set: as a share of all examples, with the score reached. */
export interface CurvePoint {
  share: number;
  score: number;
}

/** A curve that the points may come from, with its weight: score(share) = ceiling - (ceiling - atAll) share^-rate. */
export interface Curve {
  ceiling: number;
  /** The score at all examples (share 1). */
  atAll: number;
  rate: number;
  weight: number;
}

export interface CurveFit {
  /** Weights add up to 1. */
  curves: Curve[];
  /** Twice the logarithm by which the best curve explains the points better than the best level line. */
  evidence: number;
}

/** From slow to fast; measured learning curves of language models lie within (Hestness et al., 2017; Viering and Loog, 2023). */
const rates = [0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.1, 1.35, 1.6];
const levels = 90;
const gains = 45;
/** A rise of this much or less is as likely beforehand as any other so small; larger ones are less likely the larger. */
const smallGain = 0.02;

/**
 * Inverse power laws that fit a learning curve of few points, each weighted by how well (Bayes' rule on a grid: with three or
 * four points there is no one best fit to rely on). Scores lie between `low` and `high`; `covariance` is
 * that of the points' errors, row by row.
 */
export function fitCurve(
  points: readonly CurvePoint[],
  covariance: readonly (readonly number[])[],
  [low, high]: [low: number, high: number],
): CurveFit {
  const precision = invert(covariance);
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce(
      (sum, left, row) =>
        sum + b.reduce((part, right, column) => part + left * precision[row]![column]! * right, 0),
      0,
    );
  const scores = points.map(({ score }) => score);
  const ones = points.map(() => 1);
  const [ofScores, ofOnes, ofBoth] = [product(scores, scores), product(ones, ones), product(scores, ones)];
  const curves: (Curve & { misfit: number })[] = [];
  let level = Infinity;
  for (const rate of rates) {
    // The misfit is a quadratic form of the ceiling and the gain.
    const falls = points.map(({ share }) => share ** -rate);
    const [ofFalls, withScores, withOnes] = [
      product(falls, falls),
      product(falls, scores),
      product(falls, ones),
    ];
    const steepest = Math.max(...falls);
    for (let step = 0; step <= levels; step++) {
      const atAll = low + ((high - low) * step) / levels;
      for (let part = 0; part <= gains; part++) {
        // Denser near 0, where curves are level.
        const gain = (high - atAll) * (part / gains) ** 2;
        const ceiling = atAll + gain;
        if (ceiling - gain * steepest < low - 1e-9) break;
        const misfit =
          ofScores +
          ceiling * ceiling * ofOnes +
          gain * gain * ofFalls -
          2 * ceiling * ofBoth +
          2 * gain * withScores -
          2 * ceiling * gain * withOnes;
        const width = ((high - atAll) * 2 * Math.max(part, 0.5)) / gains ** 2;
        curves.push({ ceiling, atAll, rate, misfit, weight: width / (gain + smallGain) });
        if (part === 0) level = Math.min(level, misfit);
      }
    }
  }
  const least = curves.reduce((lowest, { misfit }) => Math.min(lowest, misfit), Infinity);
  const weighted = curves.map((curve) => ({
    ...curve,
    weight: curve.weight * Math.exp((least - curve.misfit) / 2),
  }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  return {
    curves: weighted
      .filter(({ weight }) => weight > 1e-7 * total)
      .map(({ ceiling, atAll, rate, weight }) => ({ ceiling, atAll, rate, weight: weight / total })),
    evidence: level - least,
  };
}

/** What a curve says of a training set of `share` times all examples. */
export function scoreAt({ ceiling, atAll, rate }: Omit<Curve, "weight">, share: number): number {
  return ceiling - (ceiling - atAll) * share ** -rate;
}

/** At which share of all examples a curve comes to a score; infinite where it never does. */
export function shareAt({ ceiling, atAll, rate }: Omit<Curve, "weight">, score: number): number {
  if (atAll >= score) return ceiling === atAll ? 0 : ((ceiling - atAll) / (ceiling - score)) ** (1 / rate);
  return ceiling > score ? ((ceiling - atAll) / (ceiling - score)) ** (1 / rate) : Infinity;
}

/** Quantiles of a figure over the curves of a fit, by weight. */
export function quantilesOver(
  { curves }: CurveFit,
  figure: (curve: Curve) => number,
  quantiles: readonly number[],
): number[] {
  const ordered = curves.map((curve) => ({ value: figure(curve), weight: curve.weight }));
  ordered.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  return quantiles.map((quantile) => {
    let sum = 0;
    for (const { value, weight } of ordered) {
      sum += weight;
      if (sum >= quantile) return value;
    }
    return ordered.at(-1)!.value;
  });
}

/** Gauss and Jordan, for a matrix whose diagonal is positive definite's. */
function invert(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, index) => [
    ...row,
    ...Array.from({ length: size }, (_, column) => (column === index ? 1 : 0)),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = rows[pivot]![pivot]!;
    rows[pivot] = rows[pivot]!.map((value) => value / scale);
    for (let other = 0; other < size; other++) {
      if (other === pivot) continue;
      const factor = rows[other]![pivot]!;
      rows[other] = rows[other]!.map((value, column) => value - factor * rows[pivot]![column]!);
    }
  }
  return rows.map((row) => row.slice(size));
}
