import { describe, expect, it } from 'vitest';
import { plotLosses } from './plot-losses';

describe('plotLosses', () => {
  it('draws every finite point inside the frame', () => {
    const svg = plotLosses([
      {
        name: 'a < b',
        points: [
          [0, 11.5],
          [50, Number.NaN],
          [100, 20.25],
          [6000, 22.1],
        ],
      },
    ]);
    expect(svg).toContain('a &lt; b');
    const points = /polyline points="([^"]*)"/.exec(svg)![1]!.split(' ');
    expect(points).toHaveLength(3);
    for (const point of points) {
      const [x, y] = point.split(',').map(Number) as [number, number];
      expect(x).toBeGreaterThanOrEqual(64);
      expect(x).toBeLessThanOrEqual(704);
      expect(y).toBeGreaterThanOrEqual(40);
      expect(y).toBeLessThanOrEqual(352);
    }
  });

  it('gives the same picture for the same curves, and one for none', () => {
    const curves = [{ name: 'loss', points: [[0, 1] as const, [1, 1] as const] }];
    expect(plotLosses(curves)).toBe(plotLosses(curves));
    expect(plotLosses(curves)).not.toContain('NaN');
    expect(plotLosses([])).not.toMatch(/NaN|Infinity/);
  });
});
