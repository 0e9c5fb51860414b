import { InputError } from '@tesserae/core/data';
import { compandingTable } from './companding';

/** How one sample is stored. */
export interface SampleFormat {
  readonly encoding: 'unsigned' | 'signed' | 'float' | 'a-law' | 'mu-law';
  /** Bytes of a sample: 1..4 for integers, 4 or 8 for floats, 1 for the laws. */
  readonly bytes: number;
  readonly littleEndian: boolean;
}

/** Reads the sample that begins at a byte. */
type ReadSample = (at: number) => number;

/**
 * Interleaved samples as channels, as `torchaudio.load` scales them: integers divided by 2^(bits - 1), floats as they
 * are, in float32.
 *
 * @param bytes - Whole frames; an incomplete one at the end is left out.
 * @param channels - At least 1.
 */
export function decodeSamples(bytes: Uint8Array, format: SampleFormat, channels: number): Float32Array[] {
  const read = sampleReader(bytes, format);
  const stride = format.bytes * channels;
  const frames = Math.floor(bytes.length / stride);
  return Array.from({ length: channels }, (_, channel) => {
    const out = new Float32Array(frames);
    for (let frame = 0, at = channel * format.bytes; frame < frames; frame++, at += stride) out[frame] = read(at);
    return out;
  });
}

function sampleReader(bytes: Uint8Array, { encoding, bytes: width, littleEndian }: SampleFormat): ReadSample {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === 'a-law' || encoding === 'mu-law') {
    const table = compandingTable(encoding === 'a-law' ? 'a' : 'mu');
    return (at) => table[bytes[at]!]!;
  }
  if (encoding === 'float') {
    return width === 4 ? (at) => view.getFloat32(at, littleEndian) : (at) => view.getFloat64(at, littleEndian);
  }
  if (encoding === 'unsigned') {
    if (width !== 1) throw new InputError('format', '8-bit unsigned samples', `${width * 8} bits`);
    return (at) => (bytes[at]! - 128) / 128;
  }
  switch (width) {
    case 1:
      return (at) => view.getInt8(at) / 128;
    case 2:
      return (at) => view.getInt16(at, littleEndian) / 32_768;
    case 3:
      return littleEndian
        ? (at) => (view.getInt8(at + 2) * 65_536 + view.getUint16(at, true)) / 8_388_608
        : (at) => (view.getInt8(at) * 65_536 + view.getUint16(at + 1)) / 8_388_608;
    default:
      return (at) => view.getInt32(at, littleEndian) / 2_147_483_648;
  }
}

/** Formats that are written: integers of 8 (unsigned), 16, 24 or 32 bits, floats of 32 or 64. */
export type WrittenFormat = 'uint8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64';

/** Bytes of a sample. */
export const writtenBytes: Readonly<Record<WrittenFormat, number>> = {
  uint8: 1,
  int16: 2,
  int24: 3,
  int32: 4,
  float32: 4,
  float64: 8,
};

/**
 * Channels as interleaved little-endian samples. Integers are the nearest ones (halves to even) and held to their
 * range; what {@link decodeSamples} gave comes back bit for bit.
 *
 * @throws {InputError} A sample is NaN where integers are written (code `not-finite`).
 */
export function encodeSamples(channels: readonly Float32Array[], format: WrittenFormat): Uint8Array {
  const width = writtenBytes[format];
  const frames = channels[0]?.length ?? 0;
  const out = new Uint8Array(frames * channels.length * width);
  const view = new DataView(out.buffer);
  channels.forEach((samples, channel) => {
    for (let frame = 0, at = channel * width; frame < frames; frame++, at += channels.length * width) {
      writeSample(view, at, samples[frame]!, format);
    }
  });
  return out;
}

function writeSample(view: DataView, at: number, value: number, format: WrittenFormat): void {
  if (format === 'float32') return view.setFloat32(at, value, true);
  if (format === 'float64') return view.setFloat64(at, value, true);
  const whole = integerOf(value, 2 ** (writtenBytes[format] * 8 - 1));
  if (format === 'uint8') view.setUint8(at, whole + 128);
  else if (format === 'int16') view.setInt16(at, whole, true);
  else if (format === 'int32') view.setInt32(at, whole, true);
  else {
    view.setUint16(at, whole & 0xffff, true);
    view.setInt8(at + 2, whole >> 16);
  }
}

/**
 * Samples as integers of so many bits: the nearest ones, halves to even, held to their range.
 *
 * @throws {InputError} A sample is NaN (code `not-finite`).
 */
export function integersOf(samples: Float32Array, bits: number): Int32Array {
  const scale = 2 ** (bits - 1);
  const out = new Int32Array(samples.length);
  for (let n = 0; n < out.length; n += 1) out[n] = integerOf(samples[n]!, scale);
  return out;
}

function integerOf(value: number, scale: number): number {
  if (Number.isNaN(value)) throw new InputError('channels', 'numbers', 'NaN', { code: 'not-finite' });
  return Math.max(-scale, Math.min(scale - 1, roundHalfEven(value * scale)));
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
