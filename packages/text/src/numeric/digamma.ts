/** Derivative of the logarithm of the gamma function, for numbers above 0. */
export function digamma(value: number): number {
  let result = 0;
  let x = value;
  for (; x < 7; x += 1) result -= 1 / x;
  x -= 0.5;
  const inverse = 1 / x;
  const square = inverse * inverse;
  const power = square * square;
  return (
    result +
    Math.log(x) +
    square / 24 -
    (7 / 960) * power +
    (31 / 8064) * power * square -
    (127 / 30720) * power * power
  );
}
