import { describe, expect, it } from 'vitest';
import { tokenCount } from './config';
import { paddedFrames, windowsOf } from './windows';

const slow = { stride: 2 } as const;
const fast = { stride: 1 } as const;
const tokensOf = (...given: Parameters<typeof windowsOf>) =>
  windowsOf(...given).reduce((sum, { first, end }) => sum + end - first, 0);

describe('the windows of a recording', () => {
  it.each([
    [1, 1, 1],
    [100, 25, 50],
    [101, 26, 51],
    [3000, 750, 1500],
    [3001, 751, 1501],
    [5200, 1300, 2600],
    [7000, 1750, 3500],
  ])('%i frames give %i and %i tokens', (frames, atSlow, atFast) => {
    expect([tokensOf(frames, slow), tokensOf(frames, fast)]).toEqual([atSlow, atFast]);
  });

  it('lose the tail where the official code does, unless it is to be kept', () => {
    expect([tokensOf(5300, slow), tokensOf(5303, fast)]).toEqual([1275, 2552]);
    expect([tokensOf(5300, slow, true), tokensOf(5303, fast, true)]).toEqual([1325, 2652]);
    // Two seconds, one, none: the more the last window sees, the less is lost.
    expect([5400, 5500, 5599].map((frames) => 25 * (frames / 100) - tokensOf(frames, slow))).toEqual([50, 25, -0.25]);
  });

  it('cover every token once where the tail is kept', () => {
    for (let frames = 1; frames < 20_000; frames += 37) {
      for (const config of [slow, fast]) {
        let next = 0;
        for (const { from, first, end } of windowsOf(frames, config, true)) {
          const start = tokenCount(from, config);
          expect(start + first).toBe(next);
          next = start + end;
        }
        expect(next).toBe(tokenCount(frames, config));
      }
    }
  });

  it('are padded to whole seconds within the limit of a run', () => {
    expect([1, 100, 101, 2999].map((frames) => paddedFrames(frames, 3000))).toEqual([100, 100, 200, 3000]);
    expect(paddedFrames(101, 128)).toBe(128);
  });
});
