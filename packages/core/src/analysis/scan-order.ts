import { InputError } from '../errors/input-error';
import { countTokens } from '../tokens/levels';

/**
 * How a grid becomes a line: `row` is row-major, `column` goes down each column, `diagonal` along the diagonals from the
 * lower left to the upper right, beginning at the first token.
 */
export type ScanOrder = 'row' | 'column' | 'diagonal';

const scanOrders: readonly ScanOrder[] = ['row', 'column', 'diagonal'];

/** @throws {InputError} No such order. */
export function checkScanOrder(order: ScanOrder): void {
  if (!scanOrders.includes(order)) {
    throw new InputError('order', scanOrders.join(', '), order);
  }
}

/**
 * Row-major positions of a level, line by line: rows, columns or diagonals of the last two axes, one grid after the other.
 * A level of one axis is one row; it has columns and diagonals of one token each.
 *
 * @param shape - Axis lengths, outermost first.
 */
export function scanLines(shape: readonly number[], order: ScanOrder): readonly Int32Array[] {
  const width = shape.at(-1) ?? 1;
  const height = shape.at(-2) ?? 1;
  const grids = countTokens(shape.slice(0, -2));
  const lines: Int32Array[] = [];
  for (let grid = 0; grid < grids && width * height > 0; grid += 1) {
    const base = grid * width * height;
    const line = (length: number, first: number, step: number): void => {
      lines.push(Int32Array.from({ length }, (_, index) => base + first + index * step));
    };
    if (order === 'row') {
      for (let y = 0; y < height; y += 1) line(width, y * width, 1);
    } else if (order === 'column') {
      for (let x = 0; x < width; x += 1) line(height, x, width);
    } else {
      for (let sum = 0; sum < width + height - 1; sum += 1) {
        const y = Math.min(sum, height - 1);
        const x = sum - y;
        line(Math.min(y + 1, width - x), y * width + x, 1 - width);
      }
    }
  }
  return lines;
}

/** All positions of a level as one line: {@link scanLines} behind each other. */
export function scanPositions(shape: readonly number[], order: ScanOrder): Int32Array {
  const positions = new Int32Array(countTokens(shape));
  let at = 0;
  for (const line of scanLines(shape, order)) {
    positions.set(line, at);
    at += line.length;
  }
  return positions;
}
