import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { readAudio } from '../src/index';

const names = ['stereo.flac', 'stereo.mp3', 'stereo.ogg', 'mono.opus', 'stereo.aiff'];
const paths = names.map((name) => join(import.meta.dirname, 'sound-files', name));

/** Reads bytes as a page would: without a window, a document or an audio context. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { readFileSync } = require('node:fs');
import('tsx/esm/api').then(async ({ register }) => {
  register();
  const { readAudio } = await import(workerData.module);
  const sounds = [];
  for (const path of workerData.paths) sounds.push(await readAudio(new Blob([readFileSync(path)]), { ffmpeg: false }));
  parentPort.postMessage(sounds);
});`;

describe('files in a worker (F065)', () => {
  it('give the samples that they give elsewhere', { timeout: 60_000 }, async () => {
    const worker = new Worker(program, {
      eval: true,
      execArgv: ['--conditions=@tesserae/source'],
      workerData: { module: join(import.meta.dirname, '../src/io/read-audio.ts'), paths },
    });
    const sounds = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    await worker.terminate();
    const own = await Promise.all(paths.map((path) => readAudio(path, { ffmpeg: false })));
    expect(sounds).toEqual(own);
  });
});
