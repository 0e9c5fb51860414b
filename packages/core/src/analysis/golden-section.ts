/** Share of an interval that a step keeps. */
const ratio = (Math.sqrt(5) - 1) / 2;

/**
 * Where a function of one hump is largest, by golden section.
 *
 * @param width - The interval that is left at the end.
 */
export function maximize(score: (x: number) => number, from: number, to: number, width: number): number {
  let [low, high] = [from, to];
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let [scoreLeft, scoreRight] = [score(left), score(right)];
  while (high - low > width) {
    if (scoreLeft >= scoreRight) {
      [high, right, scoreRight] = [right, left, scoreLeft];
      left = high - ratio * (high - low);
      scoreLeft = score(left);
    } else {
      [low, left, scoreLeft] = [left, right, scoreRight];
      right = low + ratio * (high - low);
      scoreRight = score(right);
    }
  }
  return (low + high) / 2;
}
