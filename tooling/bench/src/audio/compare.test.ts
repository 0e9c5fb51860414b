import { describe, expect, it } from 'vitest';
import { assertSame, compareIds, compareSound, nearTie } from './compare';

describe('ids beside those of PyTorch', () => {
  const margins = Float32Array.of(1e-6, 0.5, 0.5, 0.9, 2e-6, 0.5);

  it('count a frame once, by the first codebook that differs', () => {
    const ours = Int32Array.of(1, 2, 3, 4, 5, 6);
    const peer = Int32Array.of(9, 2, 3, 9, 9, 6);
    expect(compareIds(ours, peer, margins, 2)).toEqual({
      kind: 'ids',
      frames: 3,
      different: 2,
      largestMargin: Math.fround(2e-6),
    });
    expect(compareIds(ours, ours, margins, 2)).toMatchObject({ different: 0, largestMargin: 0 });
  });

  it('must be as many', () => {
    expect(() => compareIds(Int32Array.of(1), Int32Array.of(1, 2), margins, 1)).toThrow('PyTorch gives 2 ids, ours 1');
  });

  it('may differ at a few near-ties and nowhere else', () => {
    const compared = { kind: 'ids', frames: 100, different: 5, largestMargin: nearTie } as const;
    expect(() => assertSame(compared)).not.toThrow();
    expect(() => assertSame({ ...compared, different: 6 })).toThrow('ids of 6 of 100 frames');
    expect(() => assertSame({ ...compared, different: 1, largestMargin: 2 * nearTie })).toThrow('ids of 1 of 100');
  });
});

describe('sound beside that of PyTorch', () => {
  it('is compared in parts of its level, up to the end of the clip', () => {
    const compared = compareSound(Float32Array.of(0, 3.5, -4), Float32Array.of(0, 3, -4, 7));
    expect(compared).toEqual({ kind: 'sound', samples: 3, error: 0.1 });
    expect(() => assertSame(compared)).toThrow('sound differs');
    expect(() => assertSame({ ...compared, error: 1e-3 })).not.toThrow();
  });

  it('must be as long, and numbers', () => {
    expect(() => compareSound(new Float32Array(3), new Float32Array(2))).toThrow('PyTorch gives 2 samples, ours 3');
    const wrong = compareSound(Float32Array.of(Number.NaN, 1), Float32Array.of(1, 1));
    expect(() => assertSame(wrong)).toThrow('sound differs');
  });
});
