import type { AudioSignal } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { readDacFile } from '../src/dac/dac-file';
import { writeDacFile } from '../src/dac/write-dac-file';
import { integratedLoudness } from '../src/dsp/loudness';
import { numpyFiles } from './numpy-dac-files';
import { sound } from './tiny-models';
import { tinyDac } from './tiny-snake-models';

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const undecodable = { name: 'InputError', code: 'undecodable' };

describe('files that NumPy wrote', () => {
  it('are read', () => {
    const file = readDacFile(bytesOf(numpyFiles.one));
    expect(file).toMatchObject({ channels: 1, codebooks: 3, frames: 12, samples: 118, sampleRate: 24_000 });
    expect(file).toMatchObject({ loudness: -23.5, chunkFrames: 12, padded: true });
    expect([...file.codes.subarray(0, 5)]).toEqual([54, 40, 32, 17, 19]);
    expect(readDacFile(bytesOf(numpyFiles.chunked))).toMatchObject({
      channels: 2,
      frames: 40,
      chunkFrames: 20,
      padded: false,
    });
  });

  it('come back from what is written', () => {
    for (const base64 of Object.values(numpyFiles)) {
      const file = readDacFile(bytesOf(base64));
      expect(readDacFile(writeDacFile(file))).toEqual(file);
      const long = { ...file, samples: 2 ** 40, loudness: -70 };
      expect(readDacFile(writeDacFile(long))).toEqual(long);
    }
  });

  it('are refused where they are damaged, never worse', () => {
    const file = bytesOf(numpyFiles.one);
    for (let length = 0; length < file.length - 1; length += 7) {
      expect(() => readDacFile(file.subarray(0, length), 'a.dac')).toThrow(expect.objectContaining(undecodable));
    }
    for (let at = 0; at < file.length; at += 3) {
      const bad = file.slice();
      bad[at]! ^= 0x55;
      let outcome = 'DacFile';
      try {
        readDacFile(bad);
      } catch (error) {
        outcome = (error as Error).name;
      }
      expect(outcome).toMatch(/^(DacFile|InputError)$/);
    }
    const text = Buffer.from(file).toString('latin1');
    const other = Buffer.from(text.replace('1.0.0', '2.0.0'), 'latin1');
    expect(() => readDacFile(other, 'a.dac')).toThrow(/a\.dac: expected version 1\.0\.0, got 2\.0\.0/);
  });
});

describe('the DAC tokenizer', () => {
  it('takes tokens out of files and puts them in', async () => {
    const tokenizer = await tinyDac();
    const tokens = await tokenizer.encode(sound(501));
    const file = tokenizer.toDac(tokens, { loudness: -20 });
    const [back] = tokenizer.fromDac(file);
    expect(back!.levels).toEqual(tokens.levels.map((level) => ({ ...level })));
    expect(back!.source).toMatchObject({ samples: 501, sampleRate: 24_000, extra: { loudness: -20 } });
    expect(await tokenizer.decode(back!)).toEqual(await tokenizer.decode(tokens));
    const stereo = tokenizer.toDac([tokens, tokens], { loudness: -20 });
    expect(tokenizer.fromDac(stereo)).toHaveLength(2);
    const other = await tokenizer.encode(sound(400));
    expect(() => tokenizer.toDac([tokens, other], { loudness: -20 })).toThrow(/channels\[1\]: .*clip of channels\[0\]/);
    expect(() => tokenizer.toDac([], { loudness: -20 })).toThrow(/at least one channel/);
    tokenizer.dispose();
  });

  it('gives back rate, length and channels of what it compresses', async () => {
    const tokenizer = await tinyDac();
    const signal: AudioSignal = { ...sound(9001, { channels: 2 }), sampleRate: 16_000 };
    const file = await tokenizer.compress(signal);
    const written = readDacFile(file);
    expect(written).toMatchObject({ channels: 2, samples: 9001, sampleRate: 16_000, padded: true });
    const back = await tokenizer.decompress(file);
    expect(back.sampleRate).toBe(16_000);
    expect(back.channels.map(({ length }) => length)).toEqual([9001, 9001]);
    expect(readDacFile(await tokenizer.compress(signal, { prefix: 2 }))).toMatchObject({ codebooks: 2 });
    tokenizer.dispose();
  });

  it('brings decoded sound to the loudness of the source', async () => {
    const tokenizer = await tinyDac();
    const file = await tokenizer.compress(sound(24_000));
    const { channels } = await tokenizer.decompress(file);
    expect(integratedLoudness(channels, 24_000)).toBeCloseTo(readDacFile(file).loudness, 2);
    tokenizer.dispose();
  });

  it('encodes the same for every loudness of the source', async () => {
    const tokenizer = await tinyDac();
    const loud = sound(12_000);
    const quiet = { ...loud, channels: loud.channels.map((values) => values.map((value) => value / 4)) };
    const [first, second] = [readDacFile(await tokenizer.compress(loud)), readDacFile(await tokenizer.compress(quiet))];
    const equal = first.codes.filter((code, index) => code === second.codes[index]).length;
    expect(equal / first.codes.length).toBeGreaterThan(0.99);
    expect(first.loudness - second.loudness).toBeCloseTo(20 * Math.log10(4), 3);
    tokenizer.dispose();
  });

  it('decodes files of chunks, and refuses their codes as a sequence', async () => {
    const tokenizer = await tinyDac();
    const chunked = { ...readDacFile(bytesOf(numpyFiles.chunked)), frames: 80, chunkFrames: 40 };
    const codes = Int32Array.from({ length: 2 * 3 * 80 }, (_, index) => (index * 37) % 64);
    const file = writeDacFile({ ...chunked, codes });
    const { channels, sampleRate } = await tokenizer.decompress(file);
    expect([sampleRate, channels.length, channels[0]!.length]).toEqual([24_000, 2, 350]);
    expect(() => tokenizer.fromDac(file)).toThrow(/overlapping chunks/);
    const short = writeDacFile({ ...chunked, codes, chunkFrames: 3 });
    await expect(tokenizer.decompress(short)).rejects.toThrow(/chunks of at least \d+ frames, got one of 3/);
    tokenizer.dispose();
  });

  it('refuses files of larger models', async () => {
    const tokenizer = await tinyDac();
    const file = readDacFile(bytesOf(numpyFiles.one));
    const of = (change: Partial<typeof file>) => () => tokenizer.fromDac(writeDacFile({ ...file, ...change }));
    expect(of({ codes: file.codes.map(() => 64) })).toThrow(/codes below 64, got 64/);
    expect(of({ codebooks: 4, frames: 9 })).toThrow(/at most 3 codebooks, got 4/);
    tokenizer.dispose();
  });
});
