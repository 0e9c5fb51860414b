import { crc } from '../crc';
import { BrokenFrame, type FlacBits, flacBits, type SubframeSamples } from './flac-bits';
import { readSubframe } from './flac-subframe';
import type { FlacStreamInfo } from './stream-info';

/** One frame. */
export interface FlacFrame {
  /** Bytes. */
  readonly length: number;
  /** Integers of every channel. */
  readonly channels: readonly SubframeSamples[];
}

/** Checks of a frame's header and of a whole frame. */
export const flacCrc8 = crc(8, 0x07);
export const flacCrc16 = crc(16, 0x8005);

/** By code; 0: given elsewhere. */
const blockSizes = [0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768];
const rates = [0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
const widths = [0, 8, 12, 0, 16, 20, 24, 32];

/** True for the bytes that a frame begins with. */
export function isFrameStart(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && (bytes[1]! & 0xfe) === 0xf8;
}

/**
 * Decodes the frame at the beginning of the bytes (RFC 9639, section 9), both check sums verified.
 *
 * @throws {MissingBits} It goes on past the bytes. @throws {BrokenFrame} It is damaged.
 */
export function readFlacFrame(bytes: Uint8Array, info: FlacStreamInfo): FlacFrame {
  if (bytes.length > 1 && !isFrameStart(bytes)) throw new BrokenFrame('bytes that begin no frame');
  const bits = flacBits(bytes);
  bits.unsigned(16);
  const { blockSize, assignment } = readHeader(bits, bytes, info);
  const isStereo = assignment >= 8;
  const channels = Array.from({ length: info.channels }, (_, channel) => {
    const isSide = isStereo && channel === (assignment === 9 ? 0 : 1);
    return readSubframe(bits, blockSize, info.bitsPerSample + (isSide ? 1 : 0));
  });
  bits.align();
  const end = bits.position / 8;
  if (flacCrc16(bytes, 0, end) !== bits.unsigned(16)) throw new BrokenFrame('a wrong check sum');
  if (isStereo) separate(channels[0]!, channels[1]!, assignment);
  return { length: end + 2, channels };
}

function readHeader(bits: FlacBits, bytes: Uint8Array, info: FlacStreamInfo) {
  const sizeCode = bits.unsigned(4);
  const rateCode = bits.unsigned(4);
  const assignment = bits.unsigned(4);
  const widthCode = bits.unsigned(3);
  bits.unsigned(1);
  skipCodedNumber(bits);
  const blockSize =
    sizeCode === 6 ? bits.unsigned(8) + 1 : sizeCode === 7 ? bits.unsigned(16) + 1 : blockSizes[sizeCode]!;
  const sampleRate = readRate(bits, rateCode);
  const end = bits.position / 8;
  if (flacCrc8(bytes, 0, end) !== bits.unsigned(8)) throw new BrokenFrame('a wrong check sum of its header');
  if (blockSize === 0) throw new BrokenFrame('a block of no size');
  const channels = assignment < 8 ? assignment + 1 : 2;
  if (assignment > 10 || channels !== info.channels) throw new BrokenFrame(`channels of kind ${assignment}`);
  const width = widths[widthCode]!;
  if (width !== 0 && width !== info.bitsPerSample) throw new BrokenFrame(`${width} bits`);
  if (sampleRate !== 0 && sampleRate !== info.sampleRate) throw new BrokenFrame(`${sampleRate} Hz`);
  return { blockSize, assignment };
}

function readRate(bits: FlacBits, code: number): number {
  if (code === 12) return bits.unsigned(8) * 1000;
  if (code === 13) return bits.unsigned(16);
  if (code === 14) return bits.unsigned(16) * 10;
  if (code === 15) throw new BrokenFrame('a reserved sampling rate');
  return rates[code]!;
}

/** Number of the frame or of its first sample, as many bytes as the leading ones of the first one say. */
function skipCodedNumber(bits: FlacBits): void {
  const leadingOnes = Math.clz32(~(bits.unsigned(8) << 24));
  if (leadingOnes === 1 || leadingOnes > 7) throw new BrokenFrame('a frame number that is none');
  for (let byte = 1; byte < leadingOnes; byte += 1) bits.unsigned(8);
}

/** Left and right from left and side (8), side and right (9) or middle and side (10), in place. */
function separate(first: SubframeSamples, second: SubframeSamples, assignment: number): void {
  for (let n = 0; n < first.length; n += 1) {
    const a = first[n]!;
    const b = second[n]!;
    if (assignment === 8) second[n] = a - b;
    else if (assignment === 9) first[n] = a + b;
    else {
      const odd = b % 2 === 0 ? 0 : 1;
      first[n] = (2 * a + odd + b) / 2;
      second[n] = (2 * a + odd - b) / 2;
    }
  }
}
