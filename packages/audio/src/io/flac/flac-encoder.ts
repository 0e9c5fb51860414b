import { type AudioSignal, InputError } from '@tesserae/core/data';
import { createMd5 } from '#files';
import type { EncodedChunks } from '../encoded-chunks';
import { integersOf } from '../sample-format';
import { flacBitWriter } from './flac-bit-writer';
import { packIntegers } from './pack-integers';
import { streamInfoBytes } from './stream-info';
import { writeFrame } from './write-frame';

const blockSize = 4096;
/** In the 20 bits of the header. */
const largestRate = 1_048_575;

interface FlacFacts {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: 16 | 24;
}

/**
 * A FLAC file of blocks. Number of samples and MD5 (the latter in Node) are put into the header at the end.
 *
 * @throws {InputError} More than 8 channels, a rate above 1048575 Hz, NaN, or no block at all.
 */
export async function* flacChunks(blocks: AsyncIterable<AudioSignal>, bits: 16 | 24): EncodedChunks {
  const writer = flacBitWriter();
  const md5 = createMd5();
  let facts: FlacFacts | undefined;
  let waiting: Int32Array[] = [];
  let samples = 0;
  let index = 0;
  const frameOf = (channels: readonly Int32Array[]) => {
    const packed = packIntegers(channels, bits);
    md5?.update(packed.bytes.subarray(0, packed.length));
    samples += channels[0]!.length;
    return writeFrame(writer, channels, { index: index++, bits, sampleRate: facts!.sampleRate });
  };
  for await (const { channels, sampleRate } of blocks) {
    if (!facts) {
      facts = { channels: channels.length, sampleRate, bits };
      checkFacts(facts);
      yield header(facts, 0);
      waiting = channels.map(() => new Int32Array(0));
    }
    const joined = channels.map((values, channel) => concatenated(waiting[channel]!, integersOf(values, bits)));
    const whole = Math.floor(joined[0]!.length / blockSize) * blockSize;
    for (let at = 0; at < whole; at += blockSize) {
      yield frameOf(joined.map((values) => values.subarray(at, at + blockSize)));
    }
    waiting = joined.map((values) => values.slice(whole));
  }
  if (!facts) throw new InputError('audio', 'at least one block', 'none');
  if (waiting[0]!.length > 0) yield frameOf(waiting);
  return [{ at: 0, bytes: header(facts, samples, samples > 0 ? md5?.digest() : undefined) }];
}

function checkFacts({ channels, sampleRate }: FlacFacts): void {
  if (channels > 8) throw new InputError('audio.channels', 'at most 8 channels in FLAC', `${channels}`);
  if (sampleRate > largestRate) {
    throw new InputError('audio.sampleRate', `at most ${largestRate} Hz in FLAC`, `${sampleRate}`);
  }
}

function header({ channels, sampleRate, bits }: FlacFacts, samples: number, md5?: string): Uint8Array {
  const out = new Uint8Array(8 + streamInfoBytes);
  const view = new DataView(out.buffer);
  out.set([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, streamInfoBytes]);
  view.setUint16(8, blockSize);
  view.setUint16(10, blockSize);
  view.setUint32(18, (sampleRate << 12) | ((channels - 1) << 9) | ((bits - 1) << 4) | Math.floor(samples / 2 ** 32));
  view.setUint32(22, samples % 2 ** 32);
  if (md5)
    for (let byte = 0; byte < 16; byte += 1) out[26 + byte] = Number.parseInt(md5.slice(2 * byte, 2 * byte + 2), 16);
  return out;
}

function concatenated(first: Int32Array, second: Int32Array): Int32Array {
  if (first.length === 0) return second;
  const out = new Int32Array(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}
