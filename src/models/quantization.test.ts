import { expect, test } from "vitest";
import { quantizeColumns, quantizeRowsTransposed, transposeMatrix } from "./quantization.ts";

test("int8 weights are within half a step, either way round", () => {
  const [rows, columns] = [70, 130];
  const matrix = Float32Array.from(
    { length: rows * columns },
    (_, i) => Math.sin(i * 1.1) * (1 + (i % columns)),
  );
  const { values, scale } = quantizeColumns(matrix, rows, columns);
  for (const [i, value] of matrix.entries()) {
    const step = scale[i % columns]!;
    expect(Math.abs(value - values[i]! * step)).toBeLessThanOrEqual(0.501 * step);
  }
  expect(Math.max(...values)).toBe(127);
  const flipped = quantizeRowsTransposed(matrix, rows, columns);
  expect(flipped).toEqual(quantizeColumns(transposeMatrix(matrix, rows, columns), columns, rows));
});
