import { BrokenFrame, type FlacBits, type SubframeSamples } from './flac-bits';

/**
 * Samples of one channel of a frame (RFC 9639, section 9.2).
 *
 * @param width - Bits of a sample; one more for a side channel.
 */
export function readSubframe(bits: FlacBits, blockSize: number, width: number): SubframeSamples {
  if (bits.unsigned(1) !== 0) throw new BrokenFrame('a subframe that begins with a one');
  const type = bits.unsigned(6);
  const wasted = bits.unsigned(1) === 1 ? bits.unary() + 1 : 0;
  const kept = width - wasted;
  if (kept < 1) throw new BrokenFrame(`${wasted} unused bits of ${width}`);
  const out = width > 32 ? new Float64Array(blockSize) : new Int32Array(blockSize);
  if (type === 0) out.fill(bits.signed(kept));
  else if (type === 1) readVerbatim(bits, out, 0, blockSize, kept);
  else if (type >= 8 && type <= 12) readFixed(bits, out, type - 8, kept);
  else if (type >= 32) readLinear(bits, out, type - 31, kept);
  else throw new BrokenFrame(`a subframe of the unknown type ${type}`);
  if (wasted > 0) for (let index = 0; index < blockSize; index += 1) out[index] = out[index]! * 2 ** wasted;
  return out;
}

function readVerbatim(bits: FlacBits, out: SubframeSamples, from: number, to: number, width: number): void {
  for (let index = from; index < to; index += 1) out[index] = bits.signed(width);
}

function readFixed(bits: FlacBits, out: SubframeSamples, order: number, width: number): void {
  if (order > out.length) throw new BrokenFrame(`order ${order} in a block of ${out.length}`);
  readVerbatim(bits, out, 0, order, width);
  readResiduals(bits, out, order);
  const count = out.length;
  if (order === 1) for (let n = 1; n < count; n += 1) out[n] = out[n]! + out[n - 1]!;
  if (order === 2) for (let n = 2; n < count; n += 1) out[n] = out[n]! + 2 * out[n - 1]! - out[n - 2]!;
  if (order === 3) {
    for (let n = 3; n < count; n += 1) out[n] = out[n]! + 3 * (out[n - 1]! - out[n - 2]!) + out[n - 3]!;
  }
  if (order === 4) {
    for (let n = 4; n < count; n += 1) {
      out[n] = out[n]! + 4 * (out[n - 1]! + out[n - 3]!) - 6 * out[n - 2]! - out[n - 4]!;
    }
  }
}

function readLinear(bits: FlacBits, out: SubframeSamples, order: number, width: number): void {
  if (order > out.length) throw new BrokenFrame(`order ${order} in a block of ${out.length}`);
  readVerbatim(bits, out, 0, order, width);
  const precision = bits.unsigned(4) + 1;
  if (precision === 16) throw new BrokenFrame('coefficients of a reserved precision');
  const shift = bits.signed(5);
  if (shift < 0) throw new BrokenFrame(`a negative shift of ${shift}`);
  const coefficients = Int32Array.from({ length: order }, () => bits.signed(precision));
  readResiduals(bits, out, order);
  const isNarrow = width + precision + Math.ceil(Math.log2(order)) <= 32;
  if (isNarrow && out instanceof Int32Array) predictNarrow(out, coefficients, shift);
  else predictWide(out, coefficients, shift);
}

function predictNarrow(out: Int32Array, coefficients: Int32Array, shift: number): void {
  const order = coefficients.length;
  for (let n = order; n < out.length; n += 1) {
    let sum = 0;
    for (let tap = 0; tap < order; tap += 1) sum = (sum + Math.imul(coefficients[tap]!, out[n - 1 - tap]!)) | 0;
    out[n] = out[n]! + (sum >> shift);
  }
}

/** Sums of up to 53 bits are exact in doubles. */
function predictWide(out: SubframeSamples, coefficients: Int32Array, shift: number): void {
  const order = coefficients.length;
  const scale = 2 ** -shift;
  for (let n = order; n < out.length; n += 1) {
    let sum = 0;
    for (let tap = 0; tap < order; tap += 1) sum += coefficients[tap]! * out[n - 1 - tap]!;
    out[n] = out[n]! + Math.floor(sum * scale);
  }
}

/** Residuals in partitions, each with a Rice parameter or plain numbers of one width. */
function readResiduals(bits: FlacBits, out: SubframeSamples, order: number): void {
  const method = bits.unsigned(2);
  if (method > 1) throw new BrokenFrame(`residuals coded by the reserved method ${method}`);
  const parameterBits = method === 0 ? 4 : 5;
  const partitions = 2 ** bits.unsigned(4);
  const size = out.length / partitions;
  if (!Number.isInteger(size) || size < order) {
    throw new BrokenFrame(`${partitions} partitions of a block of ${out.length} with order ${order}`);
  }
  for (let from = order, to = size; to <= out.length; from = to, to += size) {
    const parameter = bits.unsigned(parameterBits);
    if (parameter < 2 ** parameterBits - 1) bits.rice(out, from, to, parameter);
    else readVerbatim(bits, out, from, to, bits.unsigned(5));
  }
}
