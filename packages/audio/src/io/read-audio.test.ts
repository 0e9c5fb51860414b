import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audioFormat } from './audio-format';
import { readAudio } from './read-audio';
import { encodeWav } from './wav';

const signal = { modality: 'audio', sampleRate: 8000, channels: [Float32Array.of(0, 0.5, -1)] } as const;
const bytes = encodeWav(signal);
const ascii = (text: string) => Uint8Array.from(text.padEnd(40, '\0'), (character) => character.charCodeAt(0));

describe('readAudio', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tesserae-audio-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads bytes, blobs, paths and URLs by content', async () => {
    const path = join(folder, 'sound.mp3');
    await writeFile(path, bytes);
    for (const input of [
      bytes,
      Buffer.from(bytes),
      new Blob([bytes.slice()]),
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
    ]) {
      expect(await readAudio(input)).toEqual(signal);
    }
  });

  it('passes a signal on', async () => {
    expect(await readAudio(signal)).toBe(signal);
  });

  it('needs a rate beside samples (F064)', async () => {
    await expect(readAudio(Float32Array.of(0) as never)).rejects.toThrow(/samples alone have no rate.*Float32Array/s);
    const without = { modality: 'audio', channels: [Float32Array.of(0)] } as never;
    await expect(readAudio(without)).rejects.toThrow(/sampleRate: expected a whole number of Hz.*undefined/);
  });

  it('names what is wrong with a signal (F055)', async () => {
    const of = (channels: unknown) => readAudio({ ...signal, channels } as never);
    await expect(of([[[0, 0]]])).rejects.toThrow(/channels\[0\]: expected a Float32Array, got a list of 1/);
    await expect(of([])).rejects.toThrow(/at least one/);
    await expect(of(Float32Array.of(0))).rejects.toThrow(/Float32Array/);
    await expect(of([Float32Array.of(1), Float32Array.of(1, 2)])).rejects.toThrow(/1 samples, as the first/);
    await expect(of([Float32Array.of(0, Number.NaN)])).rejects.toMatchObject({ code: 'not-finite' });
    await expect(of([Float32Array.of(Infinity)])).rejects.toThrow(/Infinity at 0/);
  });

  it('refuses what is no sound, missing, too large or aborted', async () => {
    await expect(readAudio(new Uint8Array(0))).rejects.toThrow(/an empty file/);
    await expect(readAudio(ascii('hello'))).rejects.toMatchObject({ code: 'undecodable' });
    await expect(readAudio(join(folder, 'absent.wav'))).rejects.toMatchObject({ code: 'unreadable' });
    await expect(readAudio(bytes, { maxBytes: 10 })).rejects.toMatchObject({ code: 'too-large' });
    await expect(readAudio(bytes, { signal: AbortSignal.abort('stop') })).rejects.toBe('stop');
    await expect(readAudio(null as never)).rejects.toThrow(/null/);
  });

  it('names formats that are not read', async () => {
    await expect(readAudio(ascii('caff'), { ffmpeg: false })).rejects.toThrow(
      /Core Audio: this format is not read here/,
    );
    await expect(readAudio(ascii('caff'), { ffmpeg: '/absent/ffmpeg' })).rejects.toThrow(
      /Core Audio.*Or install ffmpeg \('\/absent\/ffmpeg' was not found\)/,
    );
    await expect(readAudio(ascii('hello'), { ffmpeg: '/absent/ffmpeg' })).rejects.toThrow(/bytes of no known format/);
  });
});

describe('audioFormat', () => {
  it.each([
    ['fLaC', 'flac'],
    ['riff', 'wave64'],
    ['.snd', 'au'],
    ['caff', 'caf'],
    ['FORM....AIFF', 'aiff'],
    ['FORM....AIFC', 'aiff'],
    ['....ftypM4A ', 'mp4'],
    ['\x1aE\xdf\xa3', 'matroska'],
    ['0&\xb2u', 'asf'],
    [`OggS${'.'.repeat(24)}OpusHead`, 'ogg-opus'],
    [`OggS${'.'.repeat(24)}\x01vorbis`, 'ogg-vorbis'],
    [`OggS${'.'.repeat(24)}\x7fFLAC`, 'ogg-flac'],
    ['OggS', 'ogg'],
    ['\xff\xfb\x90d', 'mp3'],
    ['\xff\xf1P\x80', 'aac'],
    [`ID3\x04\0\0\0\0\0\x02..fLaC`, 'flac'],
    [`ID3\x04\0\0\0\0\x7f\x7f`, 'mp3'],
    ['FORM....ILBM', undefined],
    ['\xff\xff\xff\xff', undefined],
    ['text', undefined],
  ])('%j is %s', (start, format) => {
    expect(audioFormat(ascii(start))).toBe(format);
  });
});
