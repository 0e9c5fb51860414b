import { InputError } from '@tesserae/core/data';
import { type ByteModel, checkedFrequencies } from './byte-model';

/** Below this the range is filled up by a byte. */
const smallest = 2 ** 24;
/** Bits of the sum of frequencies. */
const frequencyBits = 16;

/**
 * Codes bytes by a model, as one stream (the arithmetic coding of arXiv 2404.03626, section 3.1): a range coder of 32
 * bits with carries.
 *
 * @returns The code, which `rangeDecode` takes back with the number of bytes; at least 5 bytes.
 */
export function rangeEncode(bytes: Uint8Array, model: ByteModel): Uint8Array {
  const context = model.start();
  const output: number[] = [];
  let low = 0;
  let range = 0xffff_ffff;
  let cache = 0;
  let waiting = 1;
  const shiftLow = () => {
    const carry = low >= 2 ** 32 ? 1 : 0;
    // Bytes of 255 wait until it is known whether a carry runs through them.
    if (low % 2 ** 32 < 0xff00_0000 || carry === 1) {
      output.push((cache + carry) & 0xff);
      for (; waiting > 1; waiting -= 1) output.push((0xff + carry) & 0xff);
      waiting = 0;
      cache = Math.floor((low % 2 ** 32) / 2 ** 24);
    }
    waiting += 1;
    low = (low % 2 ** 24) * 256;
  };
  for (const byte of bytes) {
    const frequencies = checkedFrequencies(context);
    let before = 0;
    for (let symbol = 0; symbol < byte; symbol += 1) before += frequencies[symbol]!;
    const unit = range >>> frequencyBits;
    low += unit * before;
    range = unit * frequencies[byte]!;
    while (range < smallest) {
      range *= 256;
      shiftLow();
    }
    context.push(byte);
  }
  for (let rest = 0; rest < 5; rest += 1) shiftLow();
  // The first byte is always 0.
  return Uint8Array.from(output.slice(1));
}

/**
 * Bytes of a code of {@link rangeEncode}.
 *
 * @param length - Number of bytes that were coded.
 * @throws {InputError} The code is too short, or was not made with this model.
 */
export function rangeDecode(code: Uint8Array, length: number, model: ByteModel): Uint8Array {
  if (!Number.isSafeInteger(length) || length < 0) throw new InputError('length', 'a number of bytes', String(length));
  const context = model.start();
  const bytes = new Uint8Array(length);
  let at = 0;
  const next = () => {
    if (at >= code.length)
      throw new InputError('code', `a code of ${length} bytes`, `only ${code.length} bytes of code`);
    return code[at++]!;
  };
  let value = 0;
  for (let start = 0; start < 4; start += 1) value = value * 256 + next();
  let range = 0xffff_ffff;
  for (let index = 0; index < length; index += 1) {
    const frequencies = checkedFrequencies(context);
    const unit = range >>> frequencyBits;
    const wanted = Math.floor(value / unit);
    let byte = 0;
    let before = 0;
    while (byte < 255 && before + frequencies[byte]! <= wanted) before += frequencies[byte++]!;
    value -= unit * before;
    range = unit * frequencies[byte]!;
    if (value >= range) throw new InputError('code', 'a code of this model', `one that leaves it at byte ${index}`);
    while (range < smallest) {
      range *= 256;
      value = value * 256 + next();
    }
    bytes[index] = byte;
    context.push(byte);
  }
  return bytes;
}
