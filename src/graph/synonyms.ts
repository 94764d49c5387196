import { namedRandom } from "../random/index.ts";
import type { Entity } from "./entity.ts";
import { dot } from "../vectors/index.ts";

/** Two entities of like meaning, by their places in the list of entities, the lower first. */
export interface Synonym {
  a: number;
  b: number;
  /** Cosine of their labels' vectors. */
  likeness: number;
}

/** HippoRAG's threshold and cap (Gutiérrez et al., NeurIPS 2024). */
const leastLikeness = 0.8;
const mostPerEntity = 100;
/** Up to this many are all compared with each other. */
const exactLimit = 3000;
const tables = 16;

/** A unit vector with 8 bits per number, scaled so that its largest is 127. */
export function toInt8(vector: Float32Array): Int8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return Int8Array.from(vector, (value) => Math.round((value / largest) * 127));
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let at = 0; at < a.length; at++) {
    const x = a[at]!;
    const y = b[at]!;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return dot === 0 ? 0 : dot / Math.sqrt(squareA * squareB);
}

/**
 * Pairs of entities whose labels are embedded alike, each entity's best `mostPerEntity`. Many entities are compared only
 * where hyperplanes through the origin, the same in every run, leave both on the same side (Charikar, STOC 2002): of
 * the pairs at the threshold that finds about nine in ten.
 */
export function findSynonyms(
  entities: readonly Entity[],
  vectors: ReadonlyMap<string, Int8Array>,
): Synonym[] {
  const rows = entities.flatMap(({ label }, index) => {
    const vector = vectors.get(label);
    return vector && label.length > 2 ? [{ index, vector: Float32Array.from(unit(vector)) }] : [];
  });
  const pairs = new Map<number, Synonym>();
  for (const bucket of rows.length <= exactLimit ? [rows] : buckets(rows)) {
    for (let x = 0; x < bucket.length; x++) {
      const a = bucket[x]!;
      for (let y = x + 1; y < bucket.length; y++) {
        const b = bucket[y]!;
        const likeness = dot(a.vector, b.vector);
        if (likeness < leastLikeness) continue;
        pairs.set(a.index * entities.length + b.index, { a: a.index, b: b.index, likeness });
      }
    }
  }
  return capPairs([...pairs.values()]);
}

type Row = { index: number; vector: Float32Array };

function* buckets(rows: readonly Row[]): Generator<Row[]> {
  const dimensions = rows[0]!.vector.length;
  // A bucket of about 60, so that time grows little faster than the number of entities.
  const bits = Math.max(6, Math.min(10, Math.round(Math.log2(rows.length / 60))));
  const next = normals();
  for (let table = 0; table < tables; table++) {
    const planes = Array.from({ length: bits }, () => Float32Array.from({ length: dimensions }, next));
    const byCode = new Map<number, Row[]>();
    for (const row of rows) {
      let code = 0;
      for (const plane of planes) code = 2 * code + (dot(plane, row.vector) > 0 ? 1 : 0);
      const bucket = byCode.get(code);
      if (bucket) bucket.push(row);
      else byCode.set(code, [row]);
    }
    yield* byCode.values();
  }
}

/** Each entity's best; a pair stays where it is among the best of either. */
function capPairs(pairs: Synonym[]): Synonym[] {
  const counts = new Map<number, number>();
  const best = pairs.sort((x, y) => y.likeness - x.likeness || x.a - y.a || x.b - y.b);
  const kept = best.filter(({ a, b }) => {
    const [ofA, ofB] = [counts.get(a) ?? 0, counts.get(b) ?? 0];
    if (ofA >= mostPerEntity && ofB >= mostPerEntity) return false;
    counts.set(a, ofA + 1).set(b, ofB + 1);
    return true;
  });
  return kept.sort((x, y) => x.a - y.a || x.b - y.b);
}

function unit(vector: Int8Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return Float64Array.from(vector, (value) => value / length);
}

/** Numbers near enough to normally distributed, the same ones each time. */
function normals(): () => number {
  const uniform = namedRandom(0, "hyperplanes");
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}
