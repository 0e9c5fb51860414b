import { InputError } from '@tesserae/core/data';

/**
 * Bytes as tokens of so many bits, the highest first; the last token is filled up with zeros.
 *
 * @param bits - Of a token, 1..24.
 * @throws {InputError} Other bits.
 */
export function byteTokens(bytes: Uint8Array, bits: number): Int32Array {
  checkBits(bits);
  const ids = new Int32Array(Math.ceil((bytes.length * 8) / bits));
  let [held, count, at] = [0, 0, 0];
  for (const byte of bytes) {
    held = held * 256 + byte;
    count += 8;
    while (count >= bits) {
      count -= bits;
      const power = 2 ** count;
      ids[at++] = Math.floor(held / power);
      held %= power;
    }
  }
  if (count > 0) ids[at] = held * 2 ** (bits - count);
  return ids;
}

/**
 * Bytes of tokens: the inverse of {@link byteTokens}. Bits behind the last whole byte are left out, so that up to two zero
 * bytes more than there were come back where tokens are longer than a byte.
 *
 * @throws {InputError} Other bits, or an id outside `0..2^bits - 1`.
 */
export function tokenBytes(ids: ArrayLike<number>, bits: number): Uint8Array {
  checkBits(bits);
  const bytes = new Uint8Array(Math.floor((ids.length * bits) / 8));
  let [held, count, at] = [0, 0, 0];
  for (let index = 0; index < ids.length; index += 1) {
    const id = ids[index]!;
    if (!Number.isInteger(id) || id < 0 || id >= 2 ** bits) {
      throw new InputError('ids', `integers of 0..${2 ** bits - 1}`, `${id} at ${index}`);
    }
    held = held * 2 ** bits + id;
    count += bits;
    while (count >= 8) {
      count -= 8;
      const power = 2 ** count;
      bytes[at++] = Math.floor(held / power);
      held %= power;
    }
  }
  return bytes;
}

function checkBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < 1 || bits > 24) throw new InputError('bits', '1..24', String(bits));
}
