const isSurrogate = (unit: number): boolean => (unit & 0xf800) === 0xd800;

/**
 * Order of two texts by code points, which is that of their UTF-8 bytes. JavaScript's own order differs where a
 * character outside the basic plane meets one of U+E000..U+FFFF.
 *
 * @returns Below 0, 0 or above 0, as `Array.prototype.sort` takes it.
 */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const first = left.charCodeAt(index);
    const second = right.charCodeAt(index);
    if (first === second) continue;
    const isFirst = isSurrogate(first);
    return isFirst === isSurrogate(second)
      ? first - second
      : isFirst
        ? second >= 0xe000
          ? 1
          : first - second
        : first >= 0xe000
          ? -1
          : first - second;
  }
  return left.length - right.length;
}
