import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adamW, initialState, saveTrainingState } from '@tesserae/core/train';
import { afterAll, describe, expect, it } from 'vitest';
import { openRun, readLog, trainingMinutes, wholeNumber } from './training-run';

const folder = mkdtempSync(join(tmpdir(), 'tesserae-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('openRun', () => {
  it('keeps the log up to the state that it goes on from, and starts anew otherwise', async () => {
    const first = await openRun(folder, { resume: false });
    for (const step of [1, 2, 3]) first.log({ step, loss: step / 2 });
    const params = { weight: { shape: [1], data: Float32Array.of(1) } };
    await saveTrainingState(first.statePath, { ...initialState(params, adamW()), step: 2 });
    const second = await openRun(folder, { resume: true, minutes: '0' });
    expect(second.resume?.step).toBe(2);
    expect(second.isOver()).toBe(true);
    expect(readLog(join(folder, 'train.jsonl')).map(({ step }) => step)).toEqual([1, 2]);
    const third = await openRun(folder, { resume: false });
    expect(third.resume).toBeUndefined();
    expect(third.isOver()).toBe(false);
    expect(readFileSync(join(folder, 'train.jsonl'), 'utf8')).toBe('');
  });
});

describe('trainingMinutes', () => {
  it('adds the parts of a run that was resumed', () => {
    const log = [{ seconds: 60 }, { seconds: 120 }, { seconds: 30 }, { seconds: 90 }];
    expect(trainingMinutes(log)).toBeCloseTo(3.5);
    expect(trainingMinutes([])).toBe(0);
  });
});

describe('wholeNumber', () => {
  it('refuses what is none', () => {
    expect(wholeNumber('steps', '12')).toBe(12);
    for (const text of ['', '-1', '1.5', 'many']) expect(() => wholeNumber('steps', text)).toThrow('--steps');
  });
});
