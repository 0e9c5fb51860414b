import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mulberry32 } from '@tesserae/core';
import { afterAll, describe, expect, it } from 'vitest';
import { logMelDistance, openHeldOutSpeech, signalOf } from './held-out-speech';
import { rowOf } from './speech-figures';

const folder = mkdtempSync(join(tmpdir(), 'tesserae-held-out-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const noise = mulberry32(2)
  .normal(16_000)
  .map((value) => value * 0.1);

describe('openHeldOutSpeech', () => {
  it('cuts the clips out of the tape', () => {
    writeFileSync(join(folder, 'speech.i16'), Int16Array.of(0, 16_384, -32_768, 8192));
    const clips = [
      { group: 'seen-speakers', speaker: 'a', id: 'x', first: 1, samples: 2 },
      { group: 'new-speaker', speaker: 'b', id: 'y', first: 3, samples: 1 },
    ];
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ sampleRate: 16_000, file: 'speech.i16', clips }));
    const found = openHeldOutSpeech(folder);
    expect(found.map(({ group, speaker, id }) => [group, speaker, id])).toEqual([
      ['seen-speakers', 'a', 'x'],
      ['new-speaker', 'b', 'y'],
    ]);
    expect(found.map(({ samples }) => [...samples])).toEqual([[0.5, -1], [0.25]]);
    expect(signalOf(found[0]!.samples)).toMatchObject({ modality: 'audio', sampleRate: 16_000 });
  });
});

describe('logMelDistance', () => {
  it('is 0 for the same sound, 1 for e times the loudness, and does not look below its floor', () => {
    expect(logMelDistance(noise, noise)).toBe(0);
    const louder = noise.map((value) => value * Math.E);
    expect(logMelDistance(noise, louder)).toBeCloseTo(1, 3);
    const faint = noise.map((value) => value * 1e-7);
    expect(logMelDistance(faint, new Float32Array(16_000))).toBe(0);
  });
});

describe('rowOf', () => {
  it('gives means by group, the worst clips and the rate', () => {
    const clip = (group: string) => ({ group, speaker: group, id: group, samples: noise });
    const clips = [clip('a'), clip('b'), clip('b')];
    let count = 0;
    const row = rowOf('codec', clips, ({ samples }) => {
      const factor = Math.E ** count;
      count += 1;
      return { samples: samples.map((value) => value * factor), bytes: 250 };
    });
    expect(row.name).toBe('codec');
    expect(row.kilobits).toBeCloseTo(2, 6);
    expect(row.groups.map(({ group, clips: own }) => [group, own])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(row.groups[0]!.logMel).toBe(0);
    expect(row.groups[0]!.stoi).toBeCloseTo(1, 3);
    expect(row.groups[1]!.logMel).toBeCloseTo(1.5, 2);
    expect(row.groups[1]!.worstLogMel[0]).toBeCloseTo(2, 2);
  });
});
