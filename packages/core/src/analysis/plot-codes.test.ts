import { describe, expect, it } from 'vitest';
import { plotCodeUsage, plotRankFrequency } from './plot-codes';

const polylines = (svg: string) =>
  [...svg.matchAll(/polyline points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((point) => point.split(',').map(Number) as [number, number]),
  );

describe('plotRankFrequency', () => {
  it('draws an exact law as three straight lines upon each other', () => {
    const svg = plotRankFrequency([2520, 1260, 840, 630, 504, 420, 360, 315, 280, 252], { title: 'a & b' });
    expect(svg).toContain('a &amp; b');
    expect(svg).toContain('Zipf, exponent 1.000');
    const [codes, zipf] = polylines(svg);
    expect(codes).toHaveLength(10);
    for (const [index, [x, y]] of codes!.entries()) {
      expect(Math.abs(zipf![index]![0] - x)).toBeLessThan(0.2);
      expect(Math.abs(zipf![index]![1] - y)).toBeLessThan(0.2);
      expect(x).toBeGreaterThanOrEqual(64);
      expect(x).toBeLessThanOrEqual(704);
      expect(y).toBeGreaterThanOrEqual(40);
      expect(y).toBeLessThanOrEqual(352);
    }
  });

  it('draws what there is of one code or none', () => {
    expect(plotRankFrequency([])).not.toMatch(/NaN|Infinity/);
    expect(plotRankFrequency([7])).not.toMatch(/NaN|Infinity/);
    expect(polylines(plotRankFrequency([7]))).toHaveLength(1);
  });
});

describe('plotCodeUsage', () => {
  const bars = (svg: string) =>
    (/<path d="((?:M[\d.]+ [\d.]+V[\d.]+)*)" stroke="#1f77b4"/.exec(svg)?.[1] ?? '').split('M').slice(1);

  it('draws a bar for each used code, or for several', () => {
    const svg = plotCodeUsage([0, 3, 0, 1]);
    expect(svg).toContain('2 of 4 codes used');
    expect(bars(svg)).toHaveLength(2);
    const many = plotCodeUsage(new Float64Array(1000).fill(1));
    expect(many).toContain('id, 4 a bar');
    expect(bars(many)).toHaveLength(250);
    expect(plotCodeUsage([0])).not.toMatch(/NaN|Infinity/);
  });
});
