/** The Euclidean length of every row of a matrix that has so many. */
export function rowLengths(matrix: Float32Array, rows: number): Float32Array<ArrayBuffer> {
  const width = matrix.length / rows;
  return Float32Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) sum += matrix[i]! ** 2;
    return Math.sqrt(sum);
  });
}
