import { describe, expect, it } from 'vitest';
import { evenWindows } from './even-windows';

const reach = { left: 3, right: 2 };

describe('evenWindows', () => {
  it.each([
    [40, 10],
    [41, 10],
    [16, 10],
    [200, 1],
    [1000, 7],
  ])('of %i frames, %i new ones each, have one length and all the context there is', (frames, step) => {
    const windows = [...evenWindows(frames, step, reach)];
    expect(new Set(windows.map(({ from, to }) => to - from))).toEqual(new Set([step + 5]));
    let done = 0;
    for (const { from, to, first, until } of windows) {
      expect(first).toBe(done);
      expect(from).toBeLessThanOrEqual(Math.max(0, first - 3));
      expect(to).toBeGreaterThanOrEqual(Math.min(frames, until + 2));
      expect(until).toBeGreaterThan(first);
      done = until;
    }
    expect(done).toBe(frames);
  });

  it('are one where the clip fits into it', () => {
    expect([...evenWindows(15, 10, reach)]).toEqual([{ from: 0, to: 15, first: 0, until: 15 }]);
    expect([...evenWindows(1, 10, reach)]).toEqual([{ from: 0, to: 1, first: 0, until: 1 }]);
  });
});
