const codePoints = 0x110000;

/**
 * Reads a generated table: runs of a length in base 32 (nothing for 1) and a value, which is a letter `A`–`Z` with
 * `w`, `x`, `y`, `z` before it for 26, 52, 104 and 208 more.
 *
 * @param target - Overwritten where `map` gives a number; default all zero.
 * @param map - Turns the value of a run into what is stored; `undefined` leaves `target` as it is.
 * @returns One value for each code point, 0..0x10ffff.
 */
export function decodeRuns(
  text: string,
  map: (value: number) => number | undefined = (value) => value,
  target: Uint8Array = new Uint8Array(codePoints),
): Uint8Array {
  let position = 0;
  let length = 0;
  let page = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x77) page += 26 << (code - 0x77);
    else if (code >= 0x61) length = length * 32 + code - 0x57;
    else if (code < 0x41) length = length * 32 + code - 0x30;
    else {
      const end = position + (length === 0 ? 1 : length);
      const stored = map(code - 0x41 + page);
      // Most of a fresh table is zero already, and is not touched.
      if (stored !== undefined && (stored !== 0 || target[position] !== 0)) target.fill(stored, position, end);
      position = end;
      length = 0;
      page = 0;
    }
  }
  return target;
}
