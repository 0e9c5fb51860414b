import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioSignal } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { audioFormat, readAudio, readAudioStream } from '../src/index';
import { clip, fineClip } from './sound-files/clip';

const pathOf = (name: string) => join(import.meta.dirname, 'sound-files', name);
const own = { ffmpeg: false } as const;

async function joined(blocks: AsyncIterable<AudioSignal>) {
  const channels: number[][] = [];
  let sampleRate = 0;
  for await (const block of blocks) {
    sampleRate = block.sampleRate;
    block.channels.forEach((values, index) => (channels[index] ??= []).push(...values));
  }
  return { modality: 'audio', sampleRate, channels: channels.map((values) => Float32Array.from(values)) };
}

/** Signal to noise in dB; `shift`: as if the decoded sound came so many samples late. */
function fidelity(given: Float32Array, wanted: Float32Array, shift = 0): number {
  let signal = 0;
  let noise = 0;
  for (let n = 200; n < wanted.length - 200; n += 1) {
    signal += wanted[n]! ** 2;
    noise += (wanted[n]! - given[n + shift]!) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

describe('lossless files', () => {
  const files: Readonly<Record<string, AudioSignal>> = {
    'stereo.flac': clip(2),
    'surround.flac': clip(6, 1501, 48_000),
    '24.flac': fineClip(1, 24),
    '32.flac': fineClip(2, 32),
    'stereo.oga': clip(2),
    'stereo.aiff': clip(2),
    'sowt.aifc': clip(2),
    'fl32.aifc': clip(2),
    'in24.aifc': fineClip(1, 24),
    'stereo.au': clip(2),
    'stereo.w64': clip(2),
  };
  it.each(Object.entries(files))('%s gives every sample', async (name, wanted) => {
    expect(await readAudio(pathOf(name), own)).toEqual(wanted);
  });

  it.each(Object.entries(files))('%s gives every sample in blocks of any size', async (name, wanted) => {
    for (const highWaterMark of [1, 1000]) {
      const bytes = createReadStream(pathOf(name), { highWaterMark });
      expect(await joined(readAudioStream(bytes, own))).toEqual(wanted);
    }
  });

  it.each(['ulaw.aifc', 'alaw.aifc', 'mulaw.au'])('%s is within the steps of its law', async (name) => {
    const { sampleRate, channels } = await readAudio(pathOf(name), own);
    expect(sampleRate).toBe(22_050);
    expect(channels[0]).toHaveLength(1501);
    expect(fidelity(channels[0]!, clip(1).channels[0]!)).toBeGreaterThan(35);
  });
});

describe('lossy files', () => {
  it.each([
    ['stereo.mp3', clip(2), 18],
    ['vbr-mono.mp3', clip(1), 18],
    ['itunes.mp3', clip(1), 22],
    ['stereo.ogg', clip(2), 18],
    ['surround.ogg', clip(6, 1501, 48_000), 15],
    ['surround.opus', clip(6, 1501, 48_000), 8],
  ] as const)('%s is as long as its source and not shifted', async (name, wanted, decibels) => {
    const { sampleRate, channels } = await readAudio(pathOf(name), own);
    expect(sampleRate).toBe(wanted.sampleRate);
    expect(channels.map(({ length }) => length)).toEqual(wanted.channels.map(({ length }) => length));
    channels.forEach((values, index) => {
      // The channel of low effects has no room for the tones.
      if (channels.length === 6 && index === 3) return;
      const exact = fidelity(values, wanted.channels[index]!);
      expect(exact).toBeGreaterThan(decibels);
      // Opus moves the phases of low tones by up to some samples of its 48 kHz.
      for (const shift of name.endsWith('opus') ? [-12, 12] : [-1, 1])
        expect(fidelity(values, wanted.channels[index]!, shift)).toBeLessThan(exact);
    });
  });

  it('gives back 96000 samples of an Opus clip (F061)', async () => {
    const { sampleRate, channels } = await readAudio(pathOf('long.opus'), own);
    expect([sampleRate, channels.length, channels[0]!.length]).toEqual([48_000, 1, 96_000]);
  });

  it.each(['stereo.mp3', 'itunes.mp3', 'stereo.ogg', 'surround.opus', 'long.opus', 'mono.opus'])(
    '%s gives the same in blocks',
    async (name) => {
      const bytes = createReadStream(pathOf(name), { highWaterMark: 100 });
      expect(await joined(readAudioStream(bytes, own))).toEqual(await readAudio(pathOf(name), own));
    },
  );

  it('reads layer 3 behind other bytes and in front of tags', async () => {
    const file = await readFile(pathOf('stereo.mp3'));
    const plain = await readAudio(file, own);
    const id3 = Buffer.from('ID3\x04\0\0\0\x02\0\0', 'latin1');
    const tagged = Buffer.concat([id3, Buffer.alloc(2 * 2 ** 14), file, Buffer.from('TAG'.padEnd(128, ' '))]);
    expect(await readAudio(tagged, own)).toEqual(plain);
  });
});

describe('damage', () => {
  const names = [
    'stereo.flac',
    'stereo.oga',
    'stereo.mp3',
    'stereo.ogg',
    'mono.opus',
    'stereo.aiff',
    'stereo.au',
    'stereo.w64',
  ];

  it.each(names)('%s cut anywhere gives sound or an error that names the file', async (name) => {
    const file = await readFile(pathOf(name));
    for (let length = 0; length < file.length; length += Math.ceil(file.length / 15)) {
      const outcome = await readAudio(file.subarray(0, length), own).then(
        ({ modality }) => modality,
        ({ name: kind, message }: Error) => `${kind} ${message}`,
      );
      expect(outcome).toMatch(/^(audio$|(Input|Unsupported)Error input)/);
    }
  });

  it.each(['stereo.flac', '32.flac', 'stereo.oga'])('%s with a wrong bit in the sound is refused', async (name) => {
    const file = await readFile(pathOf(name));
    for (let at = 400; at < file.length; at += 211) {
      const bad = Uint8Array.from(file);
      bad[at]! ^= 4;
      await expect(readAudio(bad, own)).rejects.toMatchObject({ name: 'InputError', code: 'undecodable' });
    }
  });

  it('says at which sample a FLAC file ends too early', async () => {
    const file = await readFile(pathOf('surround.flac'));
    await expect(readAudio(file.subarray(0, -10), own)).rejects.toThrow(/frame at sample \d+ .*end of the file/);
  });

  it('refuses FLAC whose samples are not those of its MD5', async () => {
    const file = await readFile(pathOf('stereo.flac'));
    file[26]! ^= 1;
    await expect(readAudio(file, own)).rejects.toThrow(/MD5/);
  });

  it('leaves alone what follows the sound, and the bytes', async () => {
    for (const name of ['stereo.flac', 'stereo.oga', 'stereo.ogg', 'mono.opus']) {
      const file = await readFile(pathOf(name));
      const before = Uint8Array.from(file);
      const longer = Buffer.concat([file, Buffer.from('TAG'.padEnd(128, 'x'))]);
      expect(await readAudio(longer, own)).toEqual(await readAudio(file, own));
      expect(Uint8Array.from(file)).toEqual(before);
    }
  });
});

describe('readAudioStream', () => {
  it('gives blocks before the source ends, and lets it go', async () => {
    const file = await readFile(pathOf('stereo.au'));
    let isClosed = false;
    async function* endless() {
      try {
        yield file;
        for (;;) yield new Uint8Array(1000);
      } finally {
        isClosed = true;
      }
    }
    const header = Buffer.from(file);
    header.writeUInt32BE(0xffff_ffff, 8);
    header.copy(file);
    let samples = 0;
    for await (const { channels } of readAudioStream(endless(), own)) {
      samples += channels[0]!.length;
      if (samples > 100_000) break;
    }
    expect(isClosed).toBe(true);
  });

  it('reads a stream of the web and samples without a header', async () => {
    const samples = Int16Array.of(0, 16_384, -32_768, 1);
    const stream = new Blob([samples]).stream();
    const raw = { sampleRate: 8000, channels: 2 };
    expect(await joined(readAudioStream(stream, { raw }))).toEqual({
      modality: 'audio',
      sampleRate: 8000,
      channels: [Float32Array.of(0, -1), Float32Array.of(0.5, 1 / 32_768)],
    });
    await expect(readAudio(new Uint8Array(4), { raw: { sampleRate: 0 } })).rejects.toThrow(/raw\.sampleRate/);
  });

  it('stops at maxBytes and at an abort', async () => {
    async function* endless() {
      for (;;) yield new Uint8Array(1000);
    }
    const raw = { sampleRate: 8000 };
    await expect(readAudio(endless(), { raw, maxBytes: 10_000 })).rejects.toMatchObject({ code: 'too-large' });
    const controller = new AbortController();
    const blocks = readAudioStream(endless(), { raw, signal: controller.signal });
    await blocks.next();
    controller.abort('stop');
    await expect(blocks.next()).rejects.toBe('stop');
  });

  it('bounds what little compressed silence becomes', async () => {
    const { flac } = await import('./sound-files/long-silence');
    await expect(readAudio(flac(400), { ...own, maxBytes: 2 ** 20 })).rejects.toMatchObject({ code: 'too-large' });
  });

  it('skips a tag of 100 MB', async () => {
    const file = await readFile(pathOf('stereo.flac'));
    async function* source() {
      yield Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0x32, 0, 0, 0]);
      for (let megabyte = 0; megabyte < 100; megabyte += 1) yield new Uint8Array(2 ** 20);
      yield file;
    }
    expect(await readAudio(source(), own)).toEqual(clip(2));
  });
});

describe('audioFormat', () => {
  it.each([
    ['stereo.flac', 'flac'],
    ['stereo.oga', 'ogg-flac'],
    ['stereo.ogg', 'ogg-vorbis'],
    ['mono.opus', 'ogg-opus'],
    ['stereo.mp3', 'mp3'],
    ['mono.m4a', 'mp4'],
    ['stereo.w64', 'wave64'],
    ['sowt.aifc', 'aiff'],
  ])('%s is %s', async (name, format) => {
    expect(audioFormat(await readFile(pathOf(name)))).toBe(format);
  });
});
