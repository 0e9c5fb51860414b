/** Packed values: least significant bit first, unused bits of the last byte zero. */

/**
 * Packs `width` low bits of every value (0..31 bits), least significant bit first.
 *
 * @returns `ceil(values.length * width / 8)` bytes.
 */
export function packBits(values: Int32Array, width: number): Uint8Array {
  const out = new Uint8Array(packedBytes(values.length, width));
  let position = 0;
  for (let index = 0; index < values.length; index += 1) {
    position = put(out, position, values[index]!, width);
  }
  return out;
}

/** The inverse of {@link packBits}; `bytes` holds at least the packed values. */
export function unpackBits(bytes: Uint8Array, count: number, width: number): Int32Array {
  const out = new Int32Array(count);
  for (let index = 0, position = 0; index < count; index += 1, position += width) {
    out[index] = get(bytes, position, width);
  }
  return out;
}

/** Drops the unused bits between tokens: tokens of whole bytes become one stream of `bits` bits a token. */
export function packBitTokens(data: Uint8Array, bits: number): Uint8Array {
  if (bits % 8 === 0) {
    return data.slice();
  }
  const perToken = Math.ceil(bits / 8);
  const out = new Uint8Array(packedBytes(data.length / perToken, bits));
  let position = 0;
  for (let index = 0; index < data.length; index += 1) {
    position = put(out, position, data[index]!, bitsOfByte(index % perToken, bits));
  }
  return out;
}

/** The inverse of {@link packBitTokens}. */
export function unpackBitTokens(bytes: Uint8Array, count: number, bits: number): Uint8Array {
  const perToken = Math.ceil(bits / 8);
  if (bits % 8 === 0) {
    return bytes.slice(0, count * perToken);
  }
  const out = new Uint8Array(count * perToken);
  let position = 0;
  for (let index = 0; index < out.length; index += 1) {
    const width = bitsOfByte(index % perToken, bits);
    out[index] = get(bytes, position, width);
    position += width;
  }
  return out;
}

/** Bytes of `count` values of `width` bits. */
export function packedBytes(count: number, width: number): number {
  return Math.ceil((count * width) / 8);
}

/** Whether the bits behind the last value are zero, so that equal values have equal bytes. */
export function paddingIsZero(bytes: Uint8Array, bitCount: number): boolean {
  const used = bitCount % 8;
  return used === 0 || bytes.length === 0 || bytes.at(-1)! >>> used === 0;
}

function bitsOfByte(byte: number, bits: number): number {
  return Math.min(8, bits - 8 * byte);
}

function put(out: Uint8Array, start: number, value: number, width: number): number {
  let position = start;
  let rest = value;
  let left = width;
  while (left > 0) {
    const used = position % 8;
    const step = Math.min(8 - used, left);
    out[Math.floor(position / 8)]! |= (rest & ((1 << step) - 1)) << used;
    rest >>>= step;
    left -= step;
    position += step;
  }
  return position;
}

function get(bytes: Uint8Array, start: number, width: number): number {
  let value = 0;
  for (let got = 0; got < width;) {
    const position = start + got;
    const used = position % 8;
    const step = Math.min(8 - used, width - got);
    value |= ((bytes[Math.floor(position / 8)]! >>> used) & ((1 << step) - 1)) << got;
    got += step;
  }
  return value;
}
