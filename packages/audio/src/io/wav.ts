import { type AudioSignal, InputError } from '@tesserae/core/data';
import { riffChunks } from './riff-chunks';
import { decodeSamples, encodeSamples, type WrittenFormat, writtenBytes } from './sample-format';
import { wavFormat } from './wav-format';

/**
 * Decodes a WAV file: integers of 8 to 32 bits, floats of 32 and 64, A-law, mu-law; RIFF, RIFX, RF64 and BW64;
 * extensible headers; odd chunks. Samples as `torchaudio.load` gives them. Truncated files give what is there.
 *
 * @param name - For messages; default `input`.
 * @throws {InputError} No WAV file, without samples or format, or its header contradicts itself (code `undecodable`).
 * @throws {UnsupportedError} Compressed samples inside.
 */
export function decodeWav(bytes: Uint8Array, name = 'input'): AudioSignal {
  const { littleEndian, chunks } = riffChunks(bytes, name);
  const format = chunks.find(({ id }) => id === 'fmt ');
  const data = chunks.find(({ id }) => id === 'data');
  if (!format || !data) {
    const missing = format ? 'data' : 'fmt';
    throw new InputError(name, 'a WAV file with the chunks fmt and data', `one without ${missing}`, {
      code: 'undecodable',
    });
  }
  const samples = bytes.subarray(data.start, data.end);
  const facts = wavFormat(bytes, format, littleEndian, samples, name);
  return {
    modality: 'audio',
    sampleRate: facts.sampleRate,
    channels: decodeSamples(samples, facts, facts.channels),
  };
}

export interface EncodeWavOptions {
  /** Default `int16`. */
  readonly format?: WrittenFormat;
}

/** Where channels are heard, in the order that FLAC and Opus have them here: what other programs need to take them. */
const speakers: Readonly<Record<number, number>> = { 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3f, 7: 0x70f, 8: 0x63f };

/** Sizes of RIFF are 32-bit numbers; larger files are RF64. */
const largestRiff = 0xffff_ffff;

/**
 * A WAV file. More than two channels get an extensible header, more than 4 GiB the RF64 form.
 *
 * @throws {InputError} Channels are missing or differ in length, there are more than 65535 of them, the rate is no
 *   whole number of 1..4294967295 Hz, or integers shall be written of NaN.
 */
export function encodeWav(signal: AudioSignal, options: EncodeWavOptions = {}): Uint8Array {
  const { format = 'int16' } = options;
  const { channels } = signal;
  const frames = channels[0]?.length ?? 0;
  if (channels.some(({ length }) => length !== frames)) {
    throw new InputError('channels', 'equal lengths', channels.map(({ length }) => length).join(', '));
  }
  const samples = encodeSamples(channels, format);
  const header = wavHeader({ channels: channels.length, sampleRate: signal.sampleRate, format, frames });
  const padding = samples.length % 2;
  const out = new Uint8Array(header.length + samples.length + padding);
  out.set(header);
  out.set(samples, header.length);
  return out;
}

export interface WavHeaderInit {
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly format: WrittenFormat;
  /** Samples of a channel; left out for a stream of unknown length, whose sizes then say 0xFFFFFFFF. */
  readonly frames?: number;
}

/**
 * Everything in front of the samples.
 *
 * @throws {InputError} Channels or rate that a header cannot hold.
 */
export function wavHeader({ channels, sampleRate, format, frames }: WavHeaderInit): Uint8Array {
  checkWhole('channels', channels, 0xffff);
  checkWhole('sampleRate', sampleRate, 0xffff_ffff);
  const width = writtenBytes[format];
  const isFloat = format.startsWith('float');
  const extensible = channels > 2;
  const formatSize = extensible ? 40 : isFloat ? 18 : 16;
  const factSize = isFloat ? 12 : 0;
  const dataBytes = frames === undefined ? undefined : frames * channels * width;
  const riffBytes = (dataBytes ?? 0) + 4 + 8 + formatSize + factSize + 8 + ((dataBytes ?? 0) % 2);
  const long = riffBytes > largestRiff;
  const longSize = long ? 36 : 0;
  const header = new Uint8Array(12 + longSize + 8 + formatSize + factSize + 8);
  const write = headerWriter(header);
  write.text(long ? 'RF64' : 'RIFF');
  write.uint32(dataBytes === undefined || long ? largestRiff : riffBytes);
  write.text('WAVE');
  if (long) {
    write.text('ds64');
    write.uint32(28);
    write.uint64(riffBytes + longSize);
    write.uint64(dataBytes ?? 0);
    write.uint64(frames ?? 0);
    write.uint32(0);
  }
  write.text('fmt ');
  write.uint32(formatSize);
  const code = isFloat ? 3 : 1;
  write.uint16(extensible ? 0xfffe : code);
  write.uint16(channels);
  write.uint32(sampleRate);
  write.uint32(Math.min(largestRiff, sampleRate * channels * width));
  write.uint16(Math.min(0xffff, channels * width));
  write.uint16(width * 8);
  if (formatSize > 16) write.uint16(formatSize - 18);
  if (extensible) {
    write.uint16(width * 8);
    write.uint32(speakers[channels] ?? 0);
    write.uint16(code);
    write.bytes([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
  }
  if (isFloat) {
    write.text('fact');
    write.uint32(4);
    write.uint32(Math.min(largestRiff, frames ?? largestRiff));
  }
  write.text('data');
  write.uint32(dataBytes === undefined || long ? largestRiff : dataBytes);
  return header;
}

function headerWriter(header: Uint8Array) {
  const view = new DataView(header.buffer);
  let at = 0;
  const bytes = (values: readonly number[]) => {
    header.set(values, at);
    at += values.length;
  };
  return {
    bytes,
    text: (value: string) => bytes([...value].map((character) => character.charCodeAt(0))),
    uint16(value: number) {
      view.setUint16(at, value, true);
      at += 2;
    },
    uint32(value: number) {
      view.setUint32(at, value, true);
      at += 4;
    },
    uint64(value: number) {
      view.setBigUint64(at, BigInt(value), true);
      at += 8;
    },
  };
}

function checkWhole(name: string, value: number, largest: number): void {
  if (!Number.isInteger(value) || value < 1 || value > largest) {
    throw new InputError(name, `a whole number in 1..${largest}`, String(value));
  }
}
