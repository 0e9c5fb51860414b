/** One value for each of the 1,114,112 code points. */
export type CodePointValues = Uint8Array;

export const codePoints = 0x110000;

const pageSize = 26;
const pages = ['w', 'x', 'y', 'z'];

/**
 * Writes values as runs: the length in base 32 (nothing for 1), then the value as a letter `A`–`Z`, before it `w`, `x`,
 * `y`, `z` for 26, 52, 104 and 208 more. The packages' `decodeRuns` reads it.
 */
export function encodeRuns(values: CodePointValues): string {
  let text = '';
  for (let start = 0, end = 0; start < values.length; start = end) {
    const value = values[start]!;
    while (end < values.length && values[end] === value) end += 1;
    text += (end - start === 1 ? '' : (end - start).toString(32)) + encodeValue(value);
  }
  return text;
}

function encodeValue(value: number): string {
  let page = Math.floor(value / pageSize);
  let text = '';
  for (const letter of pages) {
    if (page & 1) text += letter;
    page >>= 1;
  }
  return text + String.fromCharCode(65 + (value % pageSize));
}

/** Where `other` differs from `base`: its value plus one; 0 where both are equal. */
export function difference(base: CodePointValues, other: CodePointValues): CodePointValues {
  return base.map((value, codePoint) => (other[codePoint] === value ? 0 : other[codePoint]! + 1));
}
