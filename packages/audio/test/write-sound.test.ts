import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { AudioSignal } from '@tesserae/core/data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audioFormat, encodeAudio, readAudio, readAudioStream, writeAudio } from '../src/index';
import { clip, fineClip } from './sound-files/clip';

const own = { ffmpeg: false } as const;

async function* inBlocks(signal: AudioSignal, size: number): AsyncGenerator<AudioSignal> {
  const samples = signal.channels[0]!.length;
  for (let at = 0; at < samples; at += size) {
    yield { ...signal, channels: signal.channels.map((values) => values.subarray(at, at + size)) };
  }
}

function made(channels: number, samples: number, value: (n: number, channel: number) => number): AudioSignal {
  const of = (channel: number) => Float32Array.from({ length: samples }, (_, n) => value(n, channel));
  return { modality: 'audio', sampleRate: 16_000, channels: Array.from({ length: channels }, (_, c) => of(c)) };
}

/** The same noise every time, from -1 to nearly 1. */
function noise(n: number, channel: number): number {
  return (((Math.imul(n * 8 + channel + 1, 2_654_435_761) >>> 8) & 0xffff) - 32_768) / 32_768;
}

describe('FLAC', () => {
  const sounds: Readonly<Record<string, AudioSignal>> = {
    tones: clip(2, 9000),
    'six channels': clip(6, 5000, 48_000),
    'eight channels of noise': made(8, 4200, noise),
    silence: made(2, 5000, () => 0),
    'the largest values': made(2, 4097, (n, channel) => ((n + channel) % 2 ? -1 : 32_767 / 32_768)),
    'equal channels': made(2, 4096, (n) => noise(n, 0)),
    'opposite channels': made(
      2,
      4096,
      (n, channel) => (channel ? -1 : 1) * Math.max(-32_767 / 32_768, noise(n, 0)) + 0,
    ),
    'a spike': made(1, 4096, (n) => (n === 2000 ? -1 : 0)),
  };
  it.each(Object.entries(sounds))('gives back %s', async (_, signal) => {
    expect(await readAudio(await encodeAudio(signal, { format: 'flac' }), own)).toEqual(signal);
  });

  it.each([0, 1, 2, 3, 4, 5, 15, 33, 4095, 4096, 4097, 8192])('gives back %d samples', async (samples) => {
    const signal = made(2, samples, noise);
    expect(await readAudio(await encodeAudio(signal, { format: 'flac' }), own)).toEqual(signal);
  });

  it.each([1, 8000, 44_100, 352_800, 768_000, 1_048_575])('keeps a rate of %d Hz', async (sampleRate) => {
    const signal = { ...clip(1, 100), sampleRate };
    expect(await readAudio(await encodeAudio(signal, { format: 'flac' }), own)).toEqual(signal);
  });

  it('gives back 24 bits', async () => {
    for (const signal of [fineClip(2, 24), made(2, 4100, (n, c) => noise(n, c) + (n % 7) / 2 ** 23)]) {
      const file = await encodeAudio(signal, { format: 'flac', sampleFormat: 'int24' });
      expect(await readAudio(file, own)).toEqual(signal);
    }
  });

  it('is much smaller than WAV for tones and a little for noise', async () => {
    const sizes = async (signal: AudioSignal) =>
      (await encodeAudio(signal, { format: 'flac' })).length / (await encodeAudio(signal)).length;
    expect(await sizes(clip(2))).toBeLessThan(0.4);
    expect(await sizes(made(2, 9000, noise))).toBeLessThan(1.01);
  });

  it('writes the same for blocks of any size', async () => {
    const signal = clip(2, 9000);
    const whole = await encodeAudio(signal, { format: 'flac' });
    for (const size of [1, 100, 5000]) {
      expect(await encodeAudio(inBlocks(signal, size), { format: 'flac' })).toEqual(whole);
    }
  });

  it('refuses what it cannot hold', async () => {
    const flac = (signal: AudioSignal, options = {}) => encodeAudio(signal, { format: 'flac', ...options });
    await expect(flac(clip(9))).rejects.toThrow(/at most 8 channels in FLAC, got 9/);
    await expect(flac({ ...clip(1), sampleRate: 2_000_000 })).rejects.toThrow(/at most 1048575 Hz/);
    await expect(flac(clip(1), { sampleFormat: 'float32' })).rejects.toThrow(/'int16' or 'int24'/);
  });
});

describe('WAV', () => {
  it('says where up to eight channels are heard', async () => {
    const maskOf = async (channels: number) => {
      const file = await encodeAudio(clip(channels, 10));
      return new DataView(file.buffer).getUint32(40, true);
    };
    expect([await maskOf(3), await maskOf(6), await maskOf(8), await maskOf(9)]).toEqual([7, 0x3f, 0x63f, 0]);
  });

  it.each([1, 768_000])('keeps 0 samples and %d Hz', async (sampleRate) => {
    const signal = { ...clip(2, 0), sampleRate };
    expect(await readAudio(await encodeAudio(signal), own)).toEqual(signal);
  });
});

describe('Opus', () => {
  it.each([
    [48_000, 1, 96_000],
    [48_000, 2, 1],
    [48_000, 1, 0],
    [48_000, 1, 648],
    [48_000, 1, 649],
    [24_000, 1, 12_345],
    [16_000, 2, 7777],
    [44_100, 1, 44_100],
  ])('%d Hz, %d channel(s), %d samples come back', async (sampleRate, channels, samples) => {
    const file = await encodeAudio(clip(channels, samples, sampleRate), { format: 'opus' });
    expect(audioFormat(file)).toBe('ogg-opus');
    const back = await readAudio(file, own);
    expect(back.sampleRate).toBe(48_000);
    expect(back.channels.map(({ length }) => length)).toEqual(
      new Array(channels).fill(Math.ceil((samples * 48_000) / sampleRate)),
    );
  });

  it('is not shifted, and the same for blocks', async () => {
    const signal = clip(1, 20_000, 48_000);
    const file = await encodeAudio(signal, { format: 'opus', bitrate: 128_000 });
    const back = await readAudio(file, own);
    expect(decibels(back, signal)).toBeGreaterThan(25);
    expect(await encodeAudio(inBlocks(signal, 777), { format: 'opus', bitrate: 128_000 })).toEqual(file);
  });

  it('refuses what it cannot hold', async () => {
    await expect(encodeAudio(clip(3), { format: 'opus' })).rejects.toThrow(/1 or 2 channels in Opus, got 3/);
    await expect(encodeAudio(clip(1), { format: 'opus', bitrate: 1 })).rejects.toThrow(/bitrate: .*6000\.\.256000/);
  });
});

describe('MP3', () => {
  it.each([
    [44_100, 2, 44_100],
    [48_000, 1, 1],
    [32_000, 1, 1152],
    [24_000, 1, 12_345],
    [16_000, 2, 7777],
    [8000, 1, 3001],
    [16_000, 1, 0],
  ])('%d Hz, %d channel(s), %d samples come back', async (sampleRate, channels, samples) => {
    for (const options of [{}, { bitrate: 64_000 }]) {
      const file = await encodeAudio(clip(channels, samples, sampleRate), { format: 'mp3', ...options });
      const back = await readAudio(file, own);
      expect(back.sampleRate).toBe(sampleRate);
      expect(back.channels.map(({ length }) => length)).toEqual(new Array(channels).fill(samples));
    }
  });

  it('is not shifted, and the same for blocks', async () => {
    const signal = clip(2, 20_000, 44_100);
    const file = await encodeAudio(signal, { format: 'mp3', bitrate: 192_000 });
    expect(decibels(await readAudio(file, own), signal)).toBeGreaterThan(30);
    const again = await readAudio(await encodeAudio(inBlocks(signal, 777), { format: 'mp3', bitrate: 192_000 }), own);
    expect(decibels(again, signal)).toBeGreaterThan(30);
  });

  it('refuses what it cannot hold', async () => {
    const mp3 = (signal: AudioSignal, options = {}) => encodeAudio(signal, { format: 'mp3', ...options });
    await expect(mp3(clip(6))).rejects.toThrow(/1 or 2 channels in MP3, got 6/);
    await expect(mp3({ ...clip(1), sampleRate: 96_000 })).rejects.toThrow(/44100, 48000 Hz in MP3.*got 96000/);
    await expect(mp3(clip(1), { bitrate: 12_345 })).rejects.toThrow(/bitrate: expected 8000, .*22050 Hz/);
  });
});

describe('writeAudio', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tesserae-write-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['a.wav', 'wav'],
    ['b.FLAC', 'flac'],
    ['c.opus', 'ogg-opus'],
    ['d.ogg', 'ogg-opus'],
    ['e.mp3', 'mp3'],
    ['none', 'wav'],
  ])('writes %s as %s', async (name, format) => {
    await writeAudio(join(folder, name), clip(1));
    expect(audioFormat(await readFile(join(folder, name)))).toBe(format);
  });

  it('puts the length of blocks into the header', async () => {
    const signal = clip(2);
    for (const [name, format] of [
      ['x.wav', 'wav'],
      ['x.flac', 'flac'],
    ] as const) {
      const path = join(folder, name);
      await writeAudio(pathToFileURL(path), inBlocks(signal, 400));
      expect(new Uint8Array(await readFile(path))).toEqual(await encodeAudio(signal, { format }));
    }
  });

  it('streams WAV and FLAC of unknown length', async () => {
    const signal = clip(2);
    for (const format of ['wav', 'flac'] as const) {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writing = writeAudio(writable, inBlocks(signal, 100), { format }).then(() => writable.close());
      expect(await readAudio(readable, own)).toEqual(signal);
      await writing;
    }
  });

  it('writes to a stream of Node as it takes bytes, and says why it did not', async () => {
    const parts: Uint8Array[] = [];
    const sink = new Writable({
      highWaterMark: 1,
      write(chunk: Uint8Array, _, done) {
        parts.push(Uint8Array.from(chunk));
        setTimeout(done, 1);
      },
    });
    await writeAudio(sink, clip(2), { format: 'flac' });
    expect(new Uint8Array(Buffer.concat(parts))).toEqual(await encodeAudio(clip(2), { format: 'flac' }));
    const broken = new Writable({ write: (_, __, done) => done(new Error('closed')) }).on('error', () => undefined);
    await expect(writeAudio(broken, clip(1))).rejects.toThrow('closed');
  });

  it('leaves nothing behind where it fails', async () => {
    const before = (await readdir(folder)).sort();
    async function* failing() {
      yield clip(1);
      throw new Error('no more');
    }
    await expect(writeAudio(join(folder, 'f.wav'), failing())).rejects.toThrow('no more');
    async function* changing() {
      yield clip(1);
      yield clip(2);
    }
    await expect(writeAudio(join(folder, 'f.wav'), changing())).rejects.toThrow(/1 channel\(s\).*first block, got 2/);
    const aborted = { signal: AbortSignal.abort('stop') };
    await expect(writeAudio(join(folder, 'f.wav'), clip(1), aborted)).rejects.toBe('stop');
    await expect(writeAudio(join(folder, 'f.wav'), [] as never)).rejects.toThrow(/audio: expected at least one block/);
    expect((await readdir(folder)).sort()).toEqual(before);
  });

  it('names what is wrong with a target', async () => {
    await expect(writeAudio(join(folder, 'absent', 'f.wav'), clip(1))).rejects.toMatchObject({ code: 'unreadable' });
    await expect(writeAudio('f.xyz', clip(1))).rejects.toThrow(/file ending of wav, .*f\.xyz/);
    await expect(encodeAudio(clip(1), { format: 'aac' as never })).rejects.toThrow(/wav, flac, opus, mp3/);
  });

  it('takes blocks as they are read', async () => {
    const path = join(folder, 'again.flac');
    await writeAudio(path, readAudioStream(await encodeAudio(clip(2)), own));
    expect(await readAudio(path, own)).toEqual(clip(2));
  });
});

/** Signal to noise of the first channel in dB, away from the ends. */
function decibels(given: AudioSignal, wanted: AudioSignal): number {
  let signal = 0;
  let error = 0;
  for (let n = 2000; n < wanted.channels[0]!.length - 2000; n += 1) {
    signal += wanted.channels[0]![n]! ** 2;
    error += (wanted.channels[0]![n]! - given.channels[0]![n]!) ** 2;
  }
  return 10 * Math.log10(signal / error);
}
