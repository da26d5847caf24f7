/** What is left of a variance after what others explain counts as nothing below this share of it. */
const leftover = 1e-10;

/**
 * x with matrix x = right side, for a symmetric matrix of covariances, by Cholesky's decomposition of the correlations, so that
 * units do not matter; undefined where one variable does not vary, or follows from the others.
 */
export function solved(
  matrix: readonly (readonly number[])[],
  rightSide: readonly number[],
): readonly number[] | undefined {
  const scales = matrix.map((row, place) => Math.sqrt(row[place] ?? 0));
  if (!scales.every((scale) => scale > 0)) return undefined;
  const scaleAt = (place: number): number => scales[place] ?? 1;
  const lower: number[][] = [];
  const forward: number[] = [];
  for (const [row, values] of matrix.entries()) {
    const mine: number[] = [];
    lower.push(mine);
    for (let column = 0; column < row; column += 1) {
      const other = lower[column] ?? [];
      const correlation = (values[column] ?? 0) / scaleAt(row) / scaleAt(column);
      mine.push((correlation - dot(mine, other, column)) / (other[column] ?? 1));
    }
    const rest = 1 - dot(mine, mine, row);
    if (!(rest > leftover)) return undefined;
    const diagonal = Math.sqrt(rest);
    forward.push(((rightSide[row] ?? 0) / scaleAt(row) - dot(mine, forward, row)) / diagonal);
    mine.push(diagonal);
  }
  const solution = [...forward];
  for (let row = matrix.length - 1; row >= 0; row -= 1) {
    let sum = forward[row] ?? 0;
    for (let below = row + 1; below < matrix.length; below += 1) {
      sum -= (lower[below]?.[row] ?? 0) * (solution[below] ?? 0);
    }
    solution[row] = sum / (lower[row]?.[row] ?? 1);
  }
  return solution.map((value, place) => value / scaleAt(place));
}

function dot(left: readonly number[], right: readonly number[], length: number): number {
  let sum = 0;
  for (let place = 0; place < length; place += 1) sum += (left[place] ?? 0) * (right[place] ?? 0);
  return sum;
}
