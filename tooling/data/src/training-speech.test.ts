import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSpeech, readSegment } from './training-speech';

let folder: string;
const tone = (index: number) => Math.round(8000 * Math.sin(index / 5));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tesserae-speech-'));
  // A speaker with a tone, then one who is silent for nine tenths.
  const tape = Int16Array.from({ length: 8000 }, (_, index) => (index < 4000 || index >= 7600 ? tone(index) : 0));
  writeFileSync(join(folder, 'speech.i16'), tape);
  const speakers = [
    { name: 'a', first: 0, samples: 4000 },
    { name: 'b', first: 4000, samples: 4000 },
  ];
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ sampleRate: 16_000, file: 'speech.i16', files: 3, speakers }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('openSpeech', () => {
  it('gives the same batch for the same seed and update, and another one otherwise', () => {
    const speech = openSpeech(folder, 1);
    expect(speech.files).toBe(3);
    expect(speech.hours).toBeCloseTo(0.5 / 3600, 9);
    const batch = speech.batch(7, 4, 200);
    expect(batch).toHaveLength(800);
    expect(openSpeech(folder, 1).batch(7, 4, 200)).toEqual(batch);
    expect(speech.batch(8, 4, 200)).not.toEqual(batch);
    expect(openSpeech(folder, 2).batch(7, 4, 200)).not.toEqual(batch);
  });

  it('draws silence again, and stays between a quarter and all of the loudness', () => {
    const speech = openSpeech(folder, 1);
    let quiet = 0;
    for (let step = 0; step < 40; step += 1) {
      const batch = speech.batch(step, 4, 200);
      for (let item = 0; item < 4; item += 1) {
        const segment = batch.subarray(item * 200, (item + 1) * 200);
        const loudness = Math.sqrt(segment.reduce((sum, value) => sum + value * value, 0) / 200);
        if (loudness < 10 ** (-62 / 20)) quiet += 1;
        expect(loudness).toBeLessThan(8000 / 32_768);
      }
    }
    expect(quiet).toBeLessThan(5);
  });
});

describe('readSegment', () => {
  it('gives the samples themselves at whole positions, and what lies between them elsewhere', () => {
    const tape = Int16Array.from({ length: 100 }, (_, index) => tone(index));
    const out = new Float32Array(10);
    expect(readSegment(tape, 3, 1, out)).toBeGreaterThan(0.1);
    out.forEach((value, index) => expect(value).toBeCloseTo(tape[3 + index]! / 32_768, 6));
    readSegment(tape, 3.4, 1.1, out);
    out.forEach((value, index) => expect(value).toBeCloseTo((8000 / 32_768) * Math.sin((3.4 + 1.1 * index) / 5), 3));
  });
});
