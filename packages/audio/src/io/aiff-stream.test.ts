import { describe, expect, it } from 'vitest';
import { readAudio } from './read-audio';

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const u16 = (value: number) => [(value >> 8) & 255, value & 255];
const u32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
/** 80-bit floats. */
const hertz = {
  8000: [0x40, 0x0b, 0xfa, 0],
  1: [0x3f, 0xff, 0x80, 0],
  0: [0, 0, 0, 0],
  768_000: [0x40, 0x12, 0xbb, 0x80],
};
const chunk = (id: string, content: readonly number[], size = content.length) => [
  ...ascii(id),
  ...u32(size),
  ...content,
  ...(content.length % 2 ? [0] : []),
];

interface Common {
  readonly channels?: number;
  readonly frames?: number;
  readonly bits?: number;
  readonly rate?: keyof typeof hertz;
  readonly kind?: string;
}

const common = ({ channels = 1, frames = 2, bits = 16, rate = 8000, kind }: Common) =>
  chunk('COMM', [
    ...u16(channels),
    ...u32(frames),
    ...u16(bits),
    ...hertz[rate],
    ...u16(0),
    ...u32(0),
    ...(kind === undefined ? [] : [...ascii(kind), 0, 0]),
  ]);
const sound = (samples: readonly number[], offset = 0, size?: number) =>
  chunk('SSND', [...u32(offset), ...u32(0), ...new Array<number>(offset).fill(9), ...samples], size);
const file = (form: 'AIFF' | 'AIFC', ...chunks: readonly (readonly number[])[]) =>
  Uint8Array.from([...ascii('FORM'), ...u32(0), ...ascii(form), ...chunks.flat()]);
const read = (bytes: Uint8Array) => readAudio(bytes, { ffmpeg: false });
const halves = { modality: 'audio', sampleRate: 8000, channels: [Float32Array.of(0.5, -1)] };

describe('AIFF', () => {
  it.each([
    [8, undefined, [0x40, 0x80]],
    [12, undefined, [0x40, 0, 0x80, 0]],
    [16, undefined, [0x40, 0, 0x80, 0]],
    [24, undefined, [0x40, 0, 0, 0x80, 0, 0]],
    [32, undefined, [0x40, 0, 0, 0, 0x80, 0, 0, 0]],
    [16, 'NONE', [0x40, 0, 0x80, 0]],
    [16, 'twos', [0x40, 0, 0x80, 0]],
    [16, 'sowt', [0, 0x40, 0, 0x80]],
    [8, 'raw ', [0xc0, 0]],
    [24, 'in24', [0x40, 0, 0, 0x80, 0, 0]],
    [32, 'in32', [0x40, 0, 0, 0, 0x80, 0, 0, 0]],
    [24, '42ni', [0, 0, 0x40, 0, 0, 0x80]],
    [32, '23ni', [0, 0, 0, 0x40, 0, 0, 0, 0x80]],
    [32, 'FL32', [0x3f, 0, 0, 0, 0xbf, 0x80, 0, 0]],
    [64, 'fl64', [0x3f, 0xe0, 0, 0, 0, 0, 0, 0, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0]],
  ] as const)('reads %d bits of kind %s', async (bits, kind, samples) => {
    const form = kind === undefined ? 'AIFF' : 'AIFC';
    expect(await read(file(form, common({ bits, ...(kind && { kind }) }), sound(samples)))).toEqual(halves);
  });

  it('takes chunks in any order, skips others, and begins where the samples do', async () => {
    const samples = [0x40, 0, 0x80, 0];
    const odd = chunk('NAME', [1, 2, 3]);
    expect(await read(file('AIFF', odd, sound(samples), odd, common({})))).toEqual(halves);
    expect(await read(file('AIFF', odd, common({}), odd, sound(samples, 5), odd))).toEqual(halves);
  });

  it('gives what is there where numbers lie', async () => {
    const samples = [0x40, 0, 0x80, 0];
    expect(await read(file('AIFF', common({ frames: 1000 }), sound(samples, 0, 9999)))).toEqual(halves);
    const one = { ...halves, channels: [Float32Array.of(0.5)] };
    expect(await read(file('AIFF', common({ frames: 1 }), sound(samples)))).toEqual(one);
    expect(await read(file('AIFF', common({ frames: 2 }), sound(samples, 0, 10)))).toEqual(one);
  });

  it('reads 0 samples, 1 Hz and 768 kHz', async () => {
    const empty = { ...halves, channels: [new Float32Array(0)] };
    expect(await read(file('AIFF', common({ frames: 0 })))).toEqual(empty);
    expect((await read(file('AIFF', common({ rate: 1 }), sound([])))).sampleRate).toBe(1);
    expect((await read(file('AIFF', common({ rate: 768_000 }), sound([])))).sampleRate).toBe(768_000);
  });

  it('refuses what contradicts itself, and names compression', async () => {
    const of = (init: Common, form: 'AIFF' | 'AIFC' = 'AIFF') => read(file(form, common(init), sound([0, 0])));
    await expect(of({ channels: 0 })).rejects.toThrow(/at least one channel, got 0/);
    await expect(of({ rate: 0 })).rejects.toThrow(/at least 1 Hz, got 0/);
    await expect(of({ bits: 0 })).rejects.toThrow(/1 to 32 bits/);
    await expect(of({ kind: 'ima4' }, 'AIFC')).rejects.toThrow(/"ima4" in AIFF-C/);
    await expect(read(file('AIFF', sound([])))).rejects.toThrow(/without COMM/);
    await expect(read(file('AIFF', common({})))).rejects.toThrow(/without SSND/);
    await expect(read(file('AIFF', chunk('COMM', [0])))).rejects.toThrow(/COMM chunk of at least 18 bytes/);
  });
});

describe('AU', () => {
  const header = (encoding: number, { offset = 24, size = 0xffff_ffff, rate = 8000, channels = 1 } = {}) => [
    ...ascii('.snd'),
    ...u32(offset),
    ...u32(size),
    ...u32(encoding),
    ...u32(rate),
    ...u32(channels),
  ];
  const of = (head: readonly number[], samples: readonly number[]) => read(Uint8Array.from([...head, ...samples]));

  it.each([
    [2, [0x40, 0x80]],
    [3, [0x40, 0, 0x80, 0]],
    [4, [0x40, 0, 0, 0x80, 0, 0]],
    [5, [0x40, 0, 0, 0, 0x80, 0, 0, 0]],
    [6, [0x3f, 0, 0, 0, 0xbf, 0x80, 0, 0]],
    [7, [0x3f, 0xe0, 0, 0, 0, 0, 0, 0, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0]],
  ])('reads encoding %d', async (encoding, samples) => {
    expect(await of(header(encoding), samples)).toEqual(halves);
    expect(await of(header(encoding, { size: samples.length }), [...samples, 1, 2, 3])).toEqual(halves);
    expect(await of([...header(encoding, { offset: 28 }), 1, 2, 3, 4], samples)).toEqual(halves);
  });

  it('refuses what contradicts itself, and names compression', async () => {
    await expect(of(header(23), [])).rejects.toThrow(/encoding 23 in AU/);
    await expect(of(header(3, { rate: 0 }), [])).rejects.toThrow(/above 0 Hz/);
    await expect(of(header(3, { channels: 0 }), [])).rejects.toThrow(/1 to 65535 channels/);
    await expect(of(header(3, { offset: 8 }), [])).rejects.toThrow(/samples at byte 8/);
    await expect(of(header(3).slice(0, 20), [])).rejects.toThrow(/header of 24 bytes/);
  });
});
