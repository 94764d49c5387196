/** How the frozen linear layers are held and multiplied. */
export type Arithmetic = "f32" | "int8";

/**
 * int8 weights, symmetric, one scale per column (output channel): value ≈ int8 * scale. Matrices come in row-major
 * [rows, columns]; those of checkpoints are [outputs, inputs].
 */
export interface Int8Matrix {
  values: Int8Array<ArrayBuffer>;
  /** One per column. */
  scale: Float32Array<ArrayBuffer>;
}

/** Quantises [rows, columns] with one scale per column. */
export function quantizeColumns(matrix: Float32Array, rows: number, columns: number): Int8Matrix {
  const scale = new Float32Array(columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const magnitude = Math.abs(matrix[i]!);
      if (magnitude > scale[column]!) scale[column] = magnitude;
    }
  }
  for (let column = 0; column < columns; column++) scale[column] = scale[column]! / 127 + 1e-9;
  const values = new Int8Array(rows * columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) values[i] = Math.round(matrix[i]! / scale[column]!);
  }
  return { values, scale };
}

/** Side of the square tiles in which matrices are transposed, so that both sides stay in the processor's cache. */
const tile = 64;

/** Quantises [rows, columns] with one scale per row and gives it transposed: as `quantizeColumns` of the transpose. */
export function quantizeRowsTransposed(matrix: Float32Array, rows: number, columns: number): Int8Matrix {
  const scale = new Float32Array(rows);
  for (let row = 0, i = 0; row < rows; row++) {
    let largest = 0;
    for (let column = 0; column < columns; column++, i++) {
      const magnitude = Math.abs(matrix[i]!);
      if (magnitude > largest) largest = magnitude;
    }
    scale[row] = largest / 127 + 1e-9;
  }
  const values = new Int8Array(rows * columns);
  for (let top = 0; top < rows; top += tile) {
    for (let left = 0; left < columns; left += tile) {
      for (let row = top; row < Math.min(rows, top + tile); row++) {
        for (let column = left; column < Math.min(columns, left + tile); column++) {
          values[column * rows + row] = Math.round(matrix[row * columns + column]! / scale[row]!);
        }
      }
    }
  }
  return { values, scale };
}

/** [rows, columns] to [columns, rows]. */
export function transposeMatrix(
  matrix: Float32Array,
  rows: number,
  columns: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(matrix.length);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) result[column * rows + row] = matrix[i]!;
  }
  return result;
}
