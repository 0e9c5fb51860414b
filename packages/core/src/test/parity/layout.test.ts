import { describe, expect, it } from 'vitest';
import { applyLayout, type Layout } from './layout';

const count = (shape: readonly number[]) => shape.reduce((product, axis) => product * axis, 1);

describe('applyLayout', () => {
  it('moves channels last', () => {
    const nchw = { shape: [1, 2, 2, 2], data: Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13) };
    const nhwc = applyLayout(nchw, 'nchw-nhwc');
    expect(nhwc.shape).toEqual([1, 2, 2, 2]);
    expect([...nhwc.data]).toEqual([0, 10, 1, 11, 2, 12, 3, 13]);
  });

  it.each([
    ['nchw-nhwc', 'nhwc-nchw', [2, 3, 4, 5]],
    ['ncl-nlc', 'nlc-ncl', [2, 3, 4]],
    ['ncthw-nthwc', 'nthwc-ncthw', [2, 3, 4, 5, 6]],
    ['lnd-nld', 'lnd-nld', [4, 2, 3]],
  ] as const)('%s and back by %s', (there: Layout, back: Layout, shape) => {
    const tensor = { shape, data: Int32Array.from({ length: count(shape) }, (_, i) => i) };
    expect(applyLayout(applyLayout(tensor, there), back)).toEqual(tensor);
  });

  it('refuses another rank', () => {
    expect(() => applyLayout({ shape: [2, 2], data: new Float32Array(4) }, 'nchw-nhwc')).toThrow(
      /4 axes, got \[2, 2\]/,
    );
  });
});
