import * as tf from '@tensorflow/tfjs-core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../../test/on-cpu';
import { attend } from './attention';
import { relativeScores } from './relative-positions';

const [batch, length, width, heads] = [2, 7, 6, 2];
const dim = width / heads;
const wave = (count: number, phase: number) =>
  Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + phase * 78.233));
const values = {
  x: wave(batch * length * width, 0),
  query: wave(width * width, 1),
  key: wave(width * width, 2),
  value: wave(width * width, 3),
  out: wave(width * width, 4),
  gate: wave(dim * 8, 5),
  scale: [0.7, 1.9],
  table: wave(8 * heads, 6).map((value) => 3 * value),
};
const config = { buckets: 8, maximumDistance: 5, gated: true };
const padding = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1];

interface Use {
  readonly rows?: number;
  readonly gated?: boolean;
  readonly relative?: boolean;
  readonly padded?: boolean;
  readonly x?: readonly number[];
}

function run({ rows, gated = true, relative = true, padded = true, x = values.x }: Use): Promise<number[]> {
  return onCpu(() => {
    const linear = (name: 'query' | 'key' | 'value' | 'out') => ({ kernel: tf.tensor2d(values[name], [width, width]) });
    return attend(
      tf.tensor3d([...x], [batch, length, width]),
      {
        query: linear('query'),
        key: linear('key'),
        value: linear('value'),
        out: linear('out'),
        ...(gated && {
          gate: { linear: { kernel: tf.tensor2d(values.gate, [dim, 8]) }, scale: tf.tensor1d(values.scale) },
        }),
      },
      {
        heads,
        ...(rows !== undefined && { rows }),
        ...(relative && { relative: relativeScores(tf.tensor2d(values.table, [8, heads]), length, config) }),
        ...(padded && { padding: tf.tensor2d(padding, [batch, length]) }),
      },
    );
  });
}

const farthest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));

describe('attention', () => {
  useLeakGuard();

  it.each([1, 2, 3, 6, 7])('is the same for %i queries at a time', async (rows) => {
    for (const use of [{}, { gated: false }, { gated: false, relative: false }, { padded: false }]) {
      expect(farthest(await run({ ...use, rows }), await run({ ...use, rows: length }))).toBeLessThan(1e-5);
    }
  });

  it('depends on positions, gates and padding', async () => {
    const all = await run({});
    for (const use of [{ gated: false }, { relative: false, gated: false }, { padded: false }]) {
      expect(farthest(await run(use), all)).toBeGreaterThan(1e-3);
    }
  });

  it('never looks at what is padded', async () => {
    const changed = values.x.map((value, index) => (index >= (2 * length - 2) * width ? value + 5 : value));
    const whole = await run({});
    const other = await run({ x: changed });
    const seen = (2 * length - 2) * width;
    expect(other.slice(0, seen)).toEqual(whole.slice(0, seen));
    expect(farthest(await run({ x: changed, padded: false }), await run({ padded: false }))).toBeGreaterThan(1e-3);
  });
});
