import { InputError, UnsupportedError } from '@tesserae/core/data';
import type { PcmFormat } from './pcm-blocks';
import type { RiffChunk } from './riff-chunks';

const pcm = 1;
const float = 3;
const aLaw = 6;
const muLaw = 7;
const extensible = 0xfffe;

/** Compressed contents that a WAV file may wrap, for messages. */
const otherFormats: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  0x11: 'IMA ADPCM',
  0x31: 'GSM 6.10',
  0x50: 'MPEG layer 1/2',
  0x55: 'MP3',
  0xff: 'AAC',
  0x1610: 'AAC',
  0x2000: 'AC-3',
  0xf1ac: 'FLAC',
};

/**
 * Reads a format chunk of any size of at least 16 bytes. The sub-format of an extensible one decides, by its first
 * two bytes; one of zeros leaves 32 bits open, and the samples themselves tell integers and floats apart.
 *
 * @param data - Content of the data chunk.
 * @throws {InputError} The chunk is too short or contradicts itself (code `undecodable`).
 * @throws {UnsupportedError} Compressed samples, named; floats of other widths than 32 and 64 bits.
 */
export function wavFormat(
  bytes: Uint8Array,
  { start, end }: RiffChunk,
  littleEndian: boolean,
  data: Uint8Array,
  name: string,
): PcmFormat {
  const refuse = (expected: string, actual: string) => new InputError(name, expected, actual, { code: 'undecodable' });
  if (end - start < 16) throw refuse('a fmt chunk of at least 16 bytes', `${end - start}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  const tag = view.getUint16(0, littleEndian);
  const channels = view.getUint16(2, littleEndian);
  const sampleRate = view.getUint32(4, littleEndian);
  const bits = view.getUint16(14, littleEndian);
  if (channels === 0) throw refuse('at least one channel', '0');
  if (sampleRate === 0) throw refuse('a sampling rate above 0 Hz', '0 Hz');
  const width = sampleWidth(view.getUint16(12, littleEndian), channels, bits);
  const base = { channels, sampleRate, littleEndian } as const;
  const code = tag === extensible ? subFormat(view, littleEndian) : tag;
  if (code === aLaw || code === muLaw) {
    return { ...base, encoding: code === aLaw ? 'a-law' : 'mu-law', bytes: 1 };
  }
  if (code === float || (code === 0 && floatsLikely(data, width, littleEndian))) {
    if (width !== 4 && width !== 8) {
      throw new UnsupportedError(`${name}: ${width * 8}-bit floats in WAV`, 'convert to 32-bit floats or to integers.');
    }
    return { ...base, encoding: 'float', bytes: width };
  }
  if (code !== pcm && code !== 0) {
    const other = otherFormats[code] ?? `format 0x${code.toString(16).padStart(4, '0')}`;
    throw new UnsupportedError(`${name}: ${other} in WAV`, 'convert the file to PCM, for example with ffmpeg.');
  }
  if (width < 1 || width > 4) throw refuse('1 to 32 bits per sample', `${bits}`);
  return { ...base, encoding: width === 1 ? 'unsigned' : 'signed', bytes: width };
}

/** Bytes of a sample: the share of a frame where that can be, otherwise the bits rounded up. */
function sampleWidth(frameBytes: number, channels: number, bits: number): number {
  const needed = Math.ceil(bits / 8);
  const share = frameBytes / channels;
  return Number.isInteger(share) && share >= Math.max(1, needed) && share <= 8 ? share : needed;
}

/** First two bytes of the sub-format; 0 where the chunk is too short to have one. */
function subFormat(view: DataView, littleEndian: boolean): number {
  return view.byteLength >= 26 ? view.getUint16(24, littleEndian) : 0;
}

const looked = 4096;

/**
 * True if 32 or 64 bits a sample are floats: all finite and of ordinary size. Integers of quiet sound are denormal or
 * NaN as floats.
 */
function floatsLikely(data: Uint8Array, width: number, littleEndian: boolean): boolean {
  if (width === 8) return true;
  if (width !== 4) return false;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = Math.min(looked, Math.floor(data.length / 4));
  for (let index = 0; index < count; index++) {
    const size = Math.abs(view.getFloat32(index * 4, littleEndian));
    if (!(size === 0 || (size > 1e-30 && size < 1e4))) return false;
  }
  return count > 0;
}
