import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAudio, readAudioStream } from '../src/index';
import { clip } from './sound-files/clip';

const pathOf = (name: string) => join(import.meta.dirname, 'sound-files', name);
const isInstalled = spawnSync('ffmpeg', ['-version']).status === 0;

describe.skipIf(!isInstalled)(isInstalled ? 'ffmpeg' : 'ffmpeg (is not installed)', () => {
  it('reads WavPack, ADPCM in WAV and AAC in MP4', async () => {
    expect(await readAudio(pathOf('stereo.wv'))).toEqual(clip(2));
    for (const name of ['adpcm.wav', 'mono.m4a']) {
      const { sampleRate, channels } = await readAudio(pathOf(name));
      expect([sampleRate, channels.length]).toEqual([22_050, 1]);
      expect(channels[0]!.length).toBeGreaterThanOrEqual(1501);
    }
  });

  it('reads bytes, Blobs and streams', async () => {
    const file = await readFile(pathOf('stereo.wv'));
    expect(await readAudio(file)).toEqual(clip(2));
    expect(await readAudio(new Blob([file]))).toEqual(clip(2));
    expect(await readAudio(createReadStream(pathOf('stereo.wv'), { highWaterMark: 500 }))).toEqual(clip(2));
    // Its index stands at the end: only a file can be read from there.
    expect((await readAudio(await readFile(pathOf('mono.m4a')))).sampleRate).toBe(22_050);
  });

  it('says what the program says', async () => {
    const file = await readFile(pathOf('mono.m4a'));
    const damaged = { name: 'InputError', code: 'undecodable' };
    await expect(readAudio(file.subarray(0, 700))).rejects.toMatchObject(damaged);
    await expect(readAudio(Buffer.from('not sound at all, but a text of some length'))).rejects.toMatchObject(damaged);
    await expect(readAudio(pathOf('clip.ts'))).rejects.toThrow(
      /clip\.ts: expected a file with sound that ffmpeg reads/,
    );
  });

  it('ends the program when blocks are not wanted any more, and at an abort', async () => {
    async function* endless() {
      yield await readFile(pathOf('stereo.wv'));
      for (;;) yield new Uint8Array(4096);
    }
    const header = readAudioStream(endless());
    await header.next();
    await header.return(undefined);
    const controller = new AbortController();
    const blocks = readAudioStream(endless(), { signal: controller.signal });
    controller.abort('stop');
    await expect(blocks.next()).rejects.toBe('stop');
  });
});
