import { array, assert as holds, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partName, planSegments, segmentOfName, usableParts } from './segments';

describe('segments', () => {
  it('cover what is missing once, whatever an earlier run left', () => {
    const part = record({
      start: integer({ min: 0, max: 120 }),
      length: integer({ min: 1, max: 40 }),
      bytes: integer({ min: 0, max: 45 }),
    });
    holds(
      property(
        integer({ min: 0, max: 100 }),
        integer({ min: 0, max: 100 }),
        array(part, { maxLength: 6 }),
        integer({ min: 1, max: 30 }),
        (a, b, left, segmentBytes) => {
          const [prefix, size] = [Math.min(a, b), Math.max(a, b)];
          const parts = usableParts(
            size,
            prefix,
            left.map(({ start, length, bytes }) => ({ start, end: start + length, bytes })),
          );
          const segments = planSegments(size, prefix, parts, segmentBytes);
          let at = prefix;
          for (const { start, end } of segments) {
            expect(start).toBe(at);
            expect(end).toBeGreaterThan(start);
            at = end;
          }
          expect(at).toBe(size);
          for (const { start, end } of parts) expect(segments).toContainEqual({ start, end });
        },
      ),
    );
  });

  it('are named so that nothing else is taken for one', () => {
    const segment = { start: 5, end: 70 };
    expect(segmentOfName('abc', partName('abc', segment))).toEqual(segment);
    for (const name of [
      'abc',
      'abc.incomplete',
      'abcd.5-70.part',
      'abc.70-5.part',
      'abc.5-70.part.part',
      'abc.-5-70.part',
    ])
      expect(segmentOfName('abc', name)).toBeUndefined();
  });
});
