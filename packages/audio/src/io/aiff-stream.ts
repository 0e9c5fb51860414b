import { type AudioSignal, UnsupportedError } from '@tesserae/core/data';
import type { ByteReader } from './byte-reader';
import { takeHeld, undecodable } from './chunk-errors';
import { memoryReader } from './memory-reader';
import { pcmBlocks, type PcmFormat } from './pcm-blocks';
import { text } from './riff-chunks';
import type { SampleFormat } from './sample-format';

/** What the common chunk says. */
interface AiffFormat extends PcmFormat {
  /** Samples of a channel. */
  readonly frames: number;
}

/**
 * An AIFF or AIFF-C file block by block: integers of 1 to 32 bits in both byte orders, floats of 32 and 64, A-law,
 * mu-law. Truncated files give what is there.
 *
 * @throws {InputError} `undecodable`. @throws {UnsupportedError} Compressed samples inside.
 */
export async function* aiffBlocks(reader: ByteReader): AsyncGenerator<AudioSignal> {
  const { name } = reader;
  const head = await reader.take(12);
  const isCompressible = text(head, 8) === 'AIFC';
  let format: AiffFormat | undefined;
  let early: Uint8Array | undefined;
  for (;;) {
    const header = await reader.take(8);
    if (header.length < 8) break;
    const id = text(header, 0);
    const size = new DataView(header.buffer, header.byteOffset, 8).getUint32(4);
    if (id === 'SSND' && format) {
      yield* soundBlocks(reader, size, format);
      return;
    }
    if (id === 'SSND') {
      early = await takeHeld(reader, id, size);
    } else if (id === 'COMM') {
      format = aiffFormat(await takeHeld(reader, id, size), isCompressible, name);
      if (early || format.frames === 0) {
        yield* soundBlocks(memoryReader(early ?? new Uint8Array(0), name), early?.length ?? 0, format);
        return;
      }
    } else {
      await reader.skip(size);
    }
    if (size % 2 === 1) await reader.skip(1);
  }
  throw undecodable(name, 'an AIFF file with the chunks COMM and SSND', `one without ${format ? 'SSND' : 'COMM'}`);
}

/** Samples begin after two numbers and as many bytes as the first one says. */
async function* soundBlocks(reader: ByteReader, size: number, format: AiffFormat): AsyncGenerator<AudioSignal> {
  const start = await reader.take(8);
  const offset = start.length < 8 ? 0 : new DataView(start.buffer, start.byteOffset, 8).getUint32(0);
  await reader.skip(offset);
  const told = format.frames * format.channels * format.bytes;
  yield* pcmBlocks(reader, format, Math.min(told, Math.max(0, size - 8 - offset)));
}

function aiffFormat(chunk: Uint8Array, isCompressible: boolean, name: string): AiffFormat {
  const least = isCompressible ? 22 : 18;
  if (chunk.length < least) throw undecodable(name, `a COMM chunk of at least ${least} bytes`, `${chunk.length}`);
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const channels = view.getInt16(0);
  const bits = view.getInt16(6);
  const sampleRate = Math.round(extendedFloat(view, 8));
  if (channels < 1) throw undecodable(name, 'at least one channel', `${channels}`);
  if (!(sampleRate >= 1 && sampleRate <= 0xffff_ffff)) {
    throw undecodable(name, 'a sampling rate of at least 1 Hz', `${sampleRate} Hz`);
  }
  const stored = isCompressible ? compression(text(chunk, 18), bits, name) : integers(bits, false, name);
  return { ...stored, channels, sampleRate, frames: view.getUint32(2) };
}

function compression(kind: string, bits: number, name: string): SampleFormat {
  const big = { littleEndian: false } as const;
  switch (kind.toLowerCase()) {
    case 'none':
    case 'twos':
      return integers(bits, false, name);
    case 'sowt':
      return integers(bits, true, name);
    case 'in24':
      return { ...big, encoding: 'signed', bytes: 3 };
    case 'in32':
      return { ...big, encoding: 'signed', bytes: 4 };
    case '42ni':
      return { littleEndian: true, encoding: 'signed', bytes: 3 };
    case '23ni':
      return { littleEndian: true, encoding: 'signed', bytes: 4 };
    case 'raw ':
      if (bits <= 8) return { ...big, encoding: 'unsigned', bytes: 1 };
      break;
    case 'fl32':
      return { ...big, encoding: 'float', bytes: 4 };
    case 'fl64':
      return { ...big, encoding: 'float', bytes: 8 };
    case 'ulaw':
      return { ...big, encoding: 'mu-law', bytes: 1 };
    case 'alaw':
      return { ...big, encoding: 'a-law', bytes: 1 };
  }
  throw new UnsupportedError(`${name}: ${JSON.stringify(kind)} in AIFF-C`, 'convert the file to PCM.');
}

/** Integers fill the bytes that they need from the top. */
function integers(bits: number, littleEndian: boolean, name: string): SampleFormat {
  if (bits >= 1 && bits <= 32) return { encoding: 'signed', bytes: Math.ceil(bits / 8), littleEndian };
  throw undecodable(name, '1 to 32 bits per sample', `${bits}`);
}

/** An 80-bit float: sign and exponent in 16 bits, then the mantissa with its leading one. */
function extendedFloat(view: DataView, at: number): number {
  const high = view.getUint16(at);
  const exponent = (high & 0x7fff) - 16_383;
  const size = (view.getUint32(at + 2) * 2 ** 32 + view.getUint32(at + 6)) * 2 ** (exponent - 63);
  return high & 0x8000 ? -size : size;
}
