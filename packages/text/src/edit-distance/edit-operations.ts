/** One step that turns a sequence into another. */
export interface EditOperation {
  readonly kind: 'insert' | 'replace' | 'delete';
  /** Where, in the source: in front of it for `insert`. */
  readonly source: number;
  /** What, in the target; for `delete` the place it would have. */
  readonly target: number;
}

/**
 * A shortest list of insertions, replacements and deletions that turn `source` into `target`, from left to right. Of
 * equally short ones that of `editops` of python-Levenshtein 0.12: traced from the end, steps of one kind are kept
 * together, and else equal elements come before replacements, those before insertions, and those before deletions.
 */
export function editOperations(source: ArrayLike<number>, target: ArrayLike<number>): EditOperation[] {
  let start = 0;
  let [rows, columns] = [source.length, target.length];
  while (start < rows && start < columns && source[start] === target[start]) start += 1;
  while (rows > start && columns > start && source[rows - 1] === target[columns - 1]) {
    rows -= 1;
    columns -= 1;
  }
  rows -= start;
  columns -= start;
  const width = columns + 1;
  const costs = costTable(source, target, start, rows, columns);
  const operations: EditOperation[] = [];
  let [row, column] = [rows, columns];
  let last: EditOperation['kind'] | undefined;
  while (row > 0 || column > 0) {
    const cost = costs[row * width + column]!;
    const canInsert = column > 0 && cost === costs[row * width + column - 1]! + 1;
    const canDelete = row > 0 && cost === costs[(row - 1) * width + column]! + 1;
    const diagonal = row > 0 && column > 0 ? costs[(row - 1) * width + column - 1]! : Infinity;
    const isEqual = row > 0 && column > 0 && source[start + row - 1] === target[start + column - 1];
    if (last === 'insert' && canInsert) column -= 1;
    else if (last === 'delete' && canDelete) row -= 1;
    else if (cost === diagonal && isEqual) {
      row -= 1;
      column -= 1;
      last = undefined;
      continue;
    } else if (cost === diagonal + 1) {
      row -= 1;
      column -= 1;
      last = 'replace';
    } else if (canInsert) {
      column -= 1;
      last = 'insert';
    } else {
      row -= 1;
      last = 'delete';
    }
    operations.push({ kind: last, source: start + row, target: start + column });
  }
  return operations.reverse();
}

/** Costs of turning the first `row` elements into the first `column`, `[rows + 1, columns + 1]`. */
function costTable(
  source: ArrayLike<number>,
  target: ArrayLike<number>,
  start: number,
  rows: number,
  columns: number,
): Int32Array {
  const width = columns + 1;
  const costs = new Int32Array((rows + 1) * width);
  for (let column = 0; column <= columns; column += 1) costs[column] = column;
  for (let row = 1; row <= rows; row += 1) {
    costs[row * width] = row;
    for (let column = 1; column <= columns; column += 1) {
      const replaced = source[start + row - 1] === target[start + column - 1] ? 0 : 1;
      costs[row * width + column] = Math.min(
        costs[(row - 1) * width + column - 1]! + replaced,
        costs[row * width + column - 1]! + 1,
        costs[(row - 1) * width + column]! + 1,
      );
    }
  }
  return costs;
}
