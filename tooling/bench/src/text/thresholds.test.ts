import { describe, expect, it } from 'vitest';
import { describeMachine } from '../machine';
import { statisticOf } from '../statistics';
import type { TextResults } from './results';
import { missedLimits } from './thresholds';
import { growthOf } from './worst-cases';

const speed = (name: string, first: number, hot: number) => ({
  name,
  first: statisticOf([first]),
  hot: statisticOf([hot]),
  different: 0,
  documents: 1,
});
const group = (name: 'english' | 'cjk' | 'mixed', first: number, hot: number) => ({
  group: name,
  bytes: 1,
  speeds: [speed('tesserae', first, hot), speed('slow', 0.5, 0.5), speed('fast', 1, 1)],
});
const nothing: TextResults = {
  machine: describeMachine(),
  rounds: 1,
  peers: {},
  missing: [],
  encodings: [],
  vocabularies: [],
  loads: [],
  letters: [],
  worst: [],
};

describe('missedLimits', () => {
  it('asks for 3 times the fastest peer, and less in the weakest group only', () => {
    const encodings = (weakest: number, next: number) => [
      { encoding: 'cl100k_base' as const, groups: [group('english', weakest, 2), group('cjk', next, 2)] },
    ];
    expect(missedLimits({ ...nothing, encodings: encodings(2.5, 3) })).toEqual([]);
    expect(missedLimits({ ...nothing, encodings: encodings(2.6, 2.9) })).toEqual([
      'cl100k_base, cjk, first sight, to the fastest peer: 2.90 times, less than 3',
    ]);
    expect(missedLimits({ ...nothing, encodings: encodings(2.4, 3) })).toHaveLength(1);
  });
  it('looks at everything else', () => {
    const time = statisticOf([200]);
    const missed = missedLimits({
      ...nothing,
      vocabularies: [{ vocabulary: 'bert', mixed: group('mixed', 3, 2.9) }],
      loads: [
        { name: 'tesserae', encoding: 'o200k_base', load: time },
        { name: 'other', encoding: 'o200k_base', load: time },
      ],
      letters: [{ vocabulary: 'o200k_base', time }],
      worst: [{ vocabulary: 'o200k_base', what: '-', times: [time, statisticOf([2000])], growth: 1.5 }],
      training: { bytes: 1, ours: time, peer: statisticOf([100]) },
    });
    expect(missed.map((sentence) => sentence.split(':')[0])).toEqual([
      'bert, hot, to the native package',
      'load of o200k_base, ms',
      '32,000 letters with o200k_base, ms',
      '1 MB of "-" with o200k_base, ms',
      'growth of "-" with o200k_base',
      'training to the native trainer',
    ]);
  });
});

describe('growthOf', () => {
  it('is the power of the length', () => {
    expect(growthOf([1, 2, 4, 8], [3, 6, 12, 24])).toBeCloseTo(1);
    expect(growthOf([1, 2, 4, 8], [3, 12, 48, 192])).toBeCloseTo(2);
  });
});
