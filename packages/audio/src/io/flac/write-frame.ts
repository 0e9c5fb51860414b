import type { FlacBitWriter } from './flac-bit-writer';
import { flacCrc16, flacCrc8 } from './flac-frame';
import { planSubframe, type SubframePlan } from './write-subframe';

/** How two channels are written, and the bits that say so. */
interface Assignment {
  readonly code: number;
  readonly subframes: readonly SubframePlan[];
}

const rateCodes: Readonly<Record<number, number>> = {
  88_200: 1,
  176_400: 2,
  192_000: 3,
  8000: 4,
  16_000: 5,
  22_050: 6,
  24_000: 7,
  32_000: 8,
  44_100: 9,
  48_000: 10,
  96_000: 11,
};

/**
 * One frame of a stream of fixed block size.
 *
 * @param channels - Integers of 16 or 24 bits, 1 to 8 channels of 1 to 65535 samples.
 * @returns A copy.
 */
export function writeFrame(
  writer: FlacBitWriter,
  channels: readonly Int32Array[],
  { index, bits, sampleRate }: { readonly index: number; readonly bits: number; readonly sampleRate: number },
): Uint8Array {
  const blockSize = channels[0]!.length;
  const { code, subframes } = assign(channels, bits);
  writer.clear();
  writer.push(0xfff8, 16);
  writer.push(7, 4);
  writer.push(rateCodes[sampleRate] ?? 0, 4);
  writer.push(code, 4);
  writer.push(bits === 16 ? 4 : 6, 3);
  writer.push(0, 1);
  for (const byte of codedNumber(index)) writer.push(byte, 8);
  writer.push(blockSize - 1, 16);
  writer.push(flacCrc8(writer.bytes()), 8);
  for (const subframe of subframes) subframe.write(writer);
  writer.align();
  writer.push(flacCrc16(writer.bytes()), 16);
  return writer.bytes().slice();
}

/** Left and right as they are, or one of them (or their middle) with their difference. */
function assign(channels: readonly Int32Array[], bits: number): Assignment {
  const plain = channels.map((values) => planSubframe(values, bits));
  const [left, right] = channels;
  if (channels.length !== 2 || !left || !right) return { code: channels.length - 1, subframes: plain };
  const side = planSubframe(
    left.map((value, n) => value - right[n]!),
    bits + 1,
  );
  const middle = planSubframe(
    left.map((value, n) => (value + right[n]!) >> 1),
    bits,
  );
  const choices: readonly Assignment[] = [
    { code: 1, subframes: plain },
    { code: 8, subframes: [plain[0]!, side] },
    { code: 9, subframes: [side, plain[1]!] },
    { code: 10, subframes: [middle, side] },
  ];
  const bitsOf = ({ subframes }: Assignment) => subframes.reduce((sum, { bits: own }) => sum + own, 0);
  return choices.reduce((best, choice) => (bitsOf(choice) < bitsOf(best) ? choice : best));
}

/** A number of up to 31 bits as UTF-8 codes characters, extended to six bytes. */
function codedNumber(value: number): number[] {
  if (value < 0x80) return [value];
  const rest: number[] = [];
  let left = value;
  let room = 0x3f;
  while (left > room) {
    rest.unshift(0x80 | (left & 0x3f));
    left >>>= 6;
    room = rest.length === 1 ? 0x1f : room >> 1;
  }
  const lead = (0xff00 >> (rest.length + 1)) & 0xff;
  return [lead | left, ...rest];
}
