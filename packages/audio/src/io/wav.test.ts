import type { AudioSignal } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { decodeSamples, encodeSamples, type WrittenFormat } from './sample-format';
import { decodeWav, encodeWav, wavHeader } from './wav';

const exact = [0, 0.5, -0.5, 127 / 128, -1, 3 / 128, -77 / 128, 0.25];
const channel = Float32Array.from(exact);

interface FormatChunk {
  readonly tag: number;
  readonly bits: number;
  readonly channels?: number;
  /** What follows the first 16 bytes. */
  readonly extra?: readonly number[];
  readonly blockBytes?: number;
}

function bytesOf(...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : [...part])),
  );
}
const u16 = (value: number) => [value & 255, value >> 8];
const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
const chunk = (id: string, content: Uint8Array, size = content.length) =>
  bytesOf(id, u32(size), content, content.length % 2 ? [0] : []);

function formatChunk({ tag, bits, channels = 1, extra = [], blockBytes = (channels * bits) / 8 }: FormatChunk) {
  const fields = [...u16(tag), ...u16(channels), ...u32(8000), ...u32(1), ...u16(blockBytes), ...u16(bits), ...extra];
  return chunk('fmt ', Uint8Array.from(fields));
}

function file(...chunks: readonly Uint8Array[]): Uint8Array {
  const body = bytesOf('WAVE', ...chunks);
  return bytesOf('RIFF', u32(body.length), body);
}

const guidTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
const written: Readonly<Record<string, WrittenFormat>> = { 16: 'int16', 24: 'int24', '32f': 'float32' };

/** F062: every fmt block of at least 16 bytes is read, and the sub-format decides. */
describe('format chunks', () => {
  const headers: Readonly<Record<string, (tag: number, bits: number) => FormatChunk>> = {
    '16 bytes': (tag, bits) => ({ tag, bits }),
    '18 bytes': (tag, bits) => ({ tag, bits, extra: u16(0) }),
    '40 bytes, extensible': (tag, bits) => ({
      tag: 0xfffe,
      bits,
      extra: [...u16(22), ...u16(bits), ...u32(4), ...u16(tag), ...guidTail],
    }),
    '40 bytes, zero GUID': (_tag, bits) => ({
      tag: 0xfffe,
      bits,
      extra: [...u16(22), ...u16(bits), ...u32(4), ...new Array<number>(16).fill(0)],
    }),
    '40 bytes, GUID without its tail': (tag, bits) => ({
      tag: 0xfffe,
      bits,
      extra: [...u16(22), ...u16(bits), ...u32(4), ...u16(tag), ...new Array<number>(14).fill(0)],
    }),
    '64 bytes': (tag, bits) => ({ tag, bits, extra: [...u16(46), ...new Array<number>(46).fill(7)] }),
  };
  for (const [header, make] of Object.entries(headers)) {
    for (const [kind, format] of Object.entries(written)) {
      it(`reads ${kind} bits behind a header of ${header}`, () => {
        const parts = formatChunk(make(kind === '32f' ? 3 : 1, Number.parseInt(kind, 10)));
        const signal = decodeWav(file(parts, chunk('data', encodeSamples([channel], format))));
        expect(signal).toMatchObject({ sampleRate: 8000, channels: [channel] });
      });
    }
  }

  it('tells integers from floats by the samples where a GUID of zeros leaves 32 bits open', () => {
    const extra = [...u16(22), ...u16(32), ...u32(4), ...new Array<number>(16).fill(0)];
    const samples = encodeSamples([channel], 'int32');
    expect(decodeWav(file(formatChunk({ tag: 0xfffe, bits: 32, extra }), chunk('data', samples))).channels).toEqual([
      channel,
    ]);
  });

  it('reads 24 bits left-justified in four bytes, and 12 in two', () => {
    const wide = encodeSamples([channel], 'int32');
    const narrow = encodeSamples([channel], 'int16');
    expect(decodeWav(file(formatChunk({ tag: 1, bits: 24, blockBytes: 4 }), chunk('data', wide))).channels).toEqual([
      channel,
    ]);
    expect(decodeWav(file(formatChunk({ tag: 1, bits: 12, blockBytes: 2 }), chunk('data', narrow))).channels).toEqual([
      channel,
    ]);
  });

  it('trusts the bits where the size of a frame lies', () => {
    const data = chunk('data', encodeSamples([channel, channel], 'int16'));
    for (const blockBytes of [0, 1, 3, 4, 999]) {
      const { channels } = decodeWav(file(formatChunk({ tag: 1, bits: 16, channels: 2, blockBytes }), data));
      expect(channels).toEqual([channel, channel]);
    }
  });

  it('reads 8 bits, 64-bit floats and both laws', () => {
    const of = (tag: number, bits: number, data: Uint8Array) =>
      decodeWav(file(formatChunk({ tag, bits }), chunk('data', data))).channels[0]!;
    expect(of(1, 8, encodeSamples([channel], 'uint8'))).toEqual(channel);
    expect(of(3, 64, encodeSamples([channel], 'float64'))).toEqual(channel);
    // G.711: smallest and largest of both signs.
    const scaled = (values: Float32Array) => [...values].map((value) => value * 32_768);
    expect(scaled(of(6, 8, Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a)))).toEqual([8, -8, 32_256, -32_256]);
    expect(scaled(of(7, 8, Uint8Array.of(0xff, 0x7f, 0x80, 0x00)))).toEqual([0, 0, 32_124, -32_124]);
  });

  it('names compressed contents', () => {
    const data = chunk('data', new Uint8Array(64));
    expect(() => decodeWav(file(formatChunk({ tag: 0x11, bits: 4, blockBytes: 36 }), data), 'a.wav')).toThrow(
      /a\.wav: IMA ADPCM/,
    );
    expect(() => decodeWav(file(formatChunk({ tag: 0x7777, bits: 16 }), data))).toThrow(/0x7777/);
    expect(() => decodeWav(file(formatChunk({ tag: 3, bits: 16 }), data))).toThrow(/16-bit floats/);
  });

  it('refuses what contradicts itself', () => {
    const data = chunk('data', new Uint8Array(8));
    const of = (init: FormatChunk) => () => decodeWav(file(formatChunk(init), data));
    expect(of({ tag: 1, bits: 0, blockBytes: 0 })).toThrow(/1 to 32 bits/);
    expect(of({ tag: 1, bits: 16, channels: 0, blockBytes: 2 })).toThrow(/at least one channel/);
    expect(of({ tag: 1, bits: 64 })).toThrow(/1 to 32 bits/);
    expect(() => decodeWav(file(chunk('fmt ', new Uint8Array(14)), data))).toThrow(/at least 16 bytes/);
    expect(() => decodeWav(file(data))).toThrow(/without fmt/);
    expect(() => decodeWav(file(formatChunk({ tag: 1, bits: 16 })))).toThrow(/without data/);
    expect(() => decodeWav(Uint8Array.of(1, 2, 3))).toThrow(/WAV file/);
  });
});

describe('chunks', () => {
  const format = formatChunk({ tag: 1, bits: 16 });
  const data = encodeSamples([channel], 'int16');
  const whole = [channel];

  it('skips foreign chunks, also of odd length and without the pad byte', () => {
    const odd = bytesOf('LIST', u32(5), [1, 2, 3, 4, 5]);
    expect(decodeWav(file(chunk('JUNK', new Uint8Array(7)), format, chunk('data', data))).channels).toEqual(whole);
    expect(decodeWav(file(odd, format, chunk('data', data))).channels).toEqual(whole);
  });

  it('finds a format behind the samples', () => {
    expect(decodeWav(file(chunk('data', data), format)).channels).toEqual(whole);
  });

  it('reads up to the end where the size is unknown or too large', () => {
    for (const size of [0, 0xffff_ffff, 0x7fff_ffff, 0x8000_0000, data.length + 2, 1_000_000]) {
      expect(decodeWav(file(format, chunk('data', data, size))).channels).toEqual(whole);
    }
  });

  it('does not take chunks behind an empty data chunk for samples', () => {
    const empty = file(format, chunk('data', new Uint8Array(0)), chunk('LIST', new Uint8Array(10)));
    expect(decodeWav(empty).channels).toEqual([new Float32Array(0)]);
  });

  it('leaves out an incomplete frame at the end', () => {
    const cut = file(format, chunk('data', data)).subarray(0, -3);
    expect(decodeWav(cut).channels[0]).toEqual(channel.subarray(0, -2));
  });

  it('reads the sizes of RF64, and big-endian RIFX', () => {
    const sizes = chunk('ds64', bytesOf(u32(0), u32(0), u32(data.length - 4), u32(0), u32(0), u32(0), u32(0)));
    const long = bytesOf('RF64', u32(0xffff_ffff), 'WAVE', sizes, format, 'data', u32(0xffff_ffff), data);
    expect(decodeWav(long).channels[0]).toEqual(channel.subarray(0, -2));
    const swapped = data.map((_, index) => data[index ^ 1]!);
    const big = (value: number) => u32(value).reverse();
    const fields = [[0, 1], [0, 1], big(8000), big(1), [0, 2], [0, 16]].flat();
    const rifx = bytesOf('RIFX', big(0), 'WAVE', 'fmt ', big(16), fields, 'data', big(swapped.length), swapped);
    expect(decodeWav(rifx)).toMatchObject({ sampleRate: 8000, channels: whole });
  });

  it('never ends in anything but a result or an error of its own', () => {
    const good = file(format, chunk('JUNK', new Uint8Array(5)), chunk('data', data));
    for (let at = 0; at < good.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const bad = good.slice();
        bad[at] = value;
        let outcome: unknown;
        try {
          outcome = decodeWav(bad).modality;
        } catch (error) {
          outcome = (error as Error).name;
        }
        expect(['audio', 'InputError', 'UnsupportedError']).toContain(outcome);
      }
    }
    for (let length = 0; length < good.length; length++) {
      let outcome: unknown;
      try {
        outcome = decodeWav(good.subarray(0, length)).modality;
      } catch (error) {
        outcome = (error as Error).name;
      }
      expect(['audio', 'InputError']).toContain(outcome);
    }
  });
});

describe('encodeWav', () => {
  const signal: AudioSignal = { modality: 'audio', sampleRate: 44_100, channels: [channel, channel.slice().reverse()] };

  it.each(['uint8', 'int16', 'int24', 'int32', 'float32', 'float64'] as const)('comes back from %s', (format) => {
    expect(decodeWav(encodeWav(signal, { format }))).toEqual(signal);
    const surround = { ...signal, channels: [channel, channel, channel] };
    expect(decodeWav(encodeWav(surround, { format }))).toEqual(surround);
  });

  it('writes a pad byte after an odd number of bytes', () => {
    const bytes = encodeWav({ modality: 'audio', sampleRate: 1, channels: [Float32Array.of(0)] }, { format: 'uint8' });
    expect(bytes).toHaveLength(46);
    expect(new DataView(bytes.buffer).getUint32(4, true)).toBe(38);
  });

  it('gives back every integer', () => {
    const bytes = new Uint8Array(65_536 * 2);
    new Uint16Array(bytes.buffer).forEach((_, index, all) => (all[index] = index));
    const [samples] = decodeSamples(bytes, { encoding: 'signed', bytes: 2, littleEndian: true }, 1);
    expect(encodeSamples([samples!], 'int16')).toEqual(bytes);
  });

  it('holds samples to the range and rounds halves to even', () => {
    const bytes = encodeSamples([Float32Array.of(2, -2, Infinity, 0.5 / 32_768, 1.5 / 32_768, -0.5 / 32_768)], 'int16');
    expect([...new Int16Array(bytes.buffer)]).toEqual([32_767, -32_768, 32_767, 0, 2, 0]);
  });

  it('writes unknown sizes for streams, and RF64 above 4 GiB', () => {
    const stream = wavHeader({ channels: 2, sampleRate: 24_000, format: 'int16' });
    const samples = encodeSamples([channel, channel], 'int16');
    expect(decodeWav(bytesOf(stream, samples)).channels).toEqual([channel, channel]);
    const long = wavHeader({ channels: 2, sampleRate: 24_000, format: 'float32', frames: 2 ** 30 });
    expect(new DataView(long.buffer).getBigUint64(28, true)).toBe(2n ** 33n);
    expect(decodeWav(long).channels).toEqual([new Float32Array(0), new Float32Array(0)]);
  });

  it('refuses what a header cannot hold', () => {
    const none = { modality: 'audio', sampleRate: 8000, channels: [] } as const;
    expect(() => encodeWav(none)).toThrow(/1\.\.65535/);
    expect(() => encodeWav({ ...signal, sampleRate: 0.5 })).toThrow(/sampleRate/);
    expect(() => encodeWav({ ...signal, channels: [channel, channel.subarray(1)] })).toThrow(/equal lengths/);
    expect(() => encodeWav({ ...signal, channels: [Float32Array.of(Number.NaN)] })).toThrow(/NaN/);
  });
});
