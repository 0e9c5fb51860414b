import type { AudioSignal } from '@tesserae/core/data';
import { createMd5 } from '#files';
import type { ByteReader } from '../byte-reader';
import { undecodable } from '../chunk-errors';
import { text } from '../riff-chunks';
import { BrokenFrame, MissingBits, type SubframeSamples } from './flac-bits';
import { type FlacFrame, isFrameStart, readFlacFrame } from './flac-frame';
import { packIntegers, type PackedBytes } from './pack-integers';
import { type FlacStreamInfo, readStreamInfo, streamInfoBytes } from './stream-info';

const firstWindow = 64 * 1024;
/** No frame is larger: 65535 samples of 8 channels and 32 bits take 2 MiB. */
const largestWindow = 16 * 1024 * 1024;

/**
 * A FLAC file block by block: integers divided by 2^(bits - 1). Both check sums of every frame are verified, the number
 * of samples, and in Node their MD5. Whatever follows the last sample is left alone.
 *
 * @throws {InputError} `undecodable`: damaged or cut off; the message says at which sample.
 */
export async function* flacBlocks(reader: ByteReader): AsyncGenerator<AudioSignal> {
  const { name } = reader;
  await reader.skip(4);
  const info = await readMetadata(reader);
  const counted = flacCounter(info, name);
  while (!counted.isComplete) {
    const next = await reader.peek(4);
    if (next.length === 0 || (info.samples === 0 && !isFrameStart(next) && isTag(next))) break;
    yield counted.blockOf(await nextFrame(reader, info, counted.position));
  }
  const rest = counted.end();
  if (rest) yield rest;
}

/** Turns frames into blocks and checks what the header promised. */
export function flacCounter(info: FlacStreamInfo, name: string) {
  const { sampleRate, channels, bitsPerSample, samples } = info;
  const md5 = info.md5 === undefined ? undefined : createMd5();
  const scale = 2 ** -(bitsPerSample - 1);
  let packed: PackedBytes | undefined;
  let position = 0;
  const signalOf = (values: readonly Float32Array[]): AudioSignal => ({
    modality: 'audio',
    sampleRate,
    channels: values,
  });
  return {
    /** Samples so far. */
    get position() {
      return position;
    },
    get isComplete() {
      return samples > 0 && position >= samples;
    },
    blockOf({ channels: integers }: FlacFrame): AudioSignal {
      if (md5) {
        packed = packIntegers(integers, bitsPerSample, packed);
        md5.update(packed.bytes.subarray(0, packed.length));
      }
      position += integers[0]!.length;
      return signalOf(integers.map((values) => scaled(values, scale)));
    },
    /** A block of no samples where there are none. */
    end(): AudioSignal | undefined {
      if (samples > 0 && position !== samples) {
        throw undecodable(name, `${samples} samples, as its header says`, `${position}`);
      }
      const found = position > 0 ? md5?.digest() : undefined;
      if (found !== undefined && found !== info.md5) {
        throw undecodable(name, `samples with the MD5 of its header, ${info.md5}`, found);
      }
      return position === 0 ? signalOf(Array.from({ length: channels }, () => new Float32Array(0))) : undefined;
    },
  };
}

function scaled(values: SubframeSamples, scale: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let n = 0; n < out.length; n += 1) out[n] = values[n]! * scale;
  return out;
}

async function readMetadata(reader: ByteReader): Promise<FlacStreamInfo> {
  let info: FlacStreamInfo | undefined;
  for (;;) {
    const header = await reader.take(4);
    if (header.length < 4) throw undecodable(reader.name, 'metadata of a FLAC file', 'its end');
    const size = (header[1]! << 16) | (header[2]! << 8) | header[3]!;
    const type = header[0]! & 0x7f;
    if (type === 0 && !info) {
      if (size < streamInfoBytes) throw undecodable(reader.name, `${streamInfoBytes} bytes of stream info`, `${size}`);
      info = readStreamInfo(await reader.take(size), reader.name);
    } else {
      await reader.skip(size);
    }
    if (!info) throw undecodable(reader.name, 'the stream info as the first block', `a block of type ${type}`);
    if (header[0]! & 0x80) return info;
  }
}

async function nextFrame(reader: ByteReader, info: FlacStreamInfo, position: number): Promise<FlacFrame> {
  for (let window = firstWindow; ; window *= 4) {
    const bytes = await reader.peek(window);
    try {
      const frame = readFlacFrame(bytes, info);
      await reader.skip(frame.length);
      return frame;
    } catch (cause) {
      const where = `a whole FLAC frame at sample ${position} (byte ${reader.position})`;
      if (cause instanceof BrokenFrame) throw undecodable(reader.name, where, cause.message, cause);
      if (!(cause instanceof MissingBits)) throw cause;
      if (bytes.length < window) throw undecodable(reader.name, where, 'the end of the file', cause);
      if (window >= largestWindow) throw undecodable(reader.name, where, `one of more than ${window} bytes`, cause);
    }
  }
}

/** Tags that some programs put behind the sound. */
function isTag(bytes: Uint8Array): boolean {
  return ['TAG', 'APE', 'ID3'].includes(text(bytes, 0).slice(0, 3));
}
