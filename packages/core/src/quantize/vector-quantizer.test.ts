import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError } from '../errors';
import type { Json } from '../signal/signal';
import { expectClose } from '../test/expect-close';
import { remapIds, remappedSize, unmapIds, type IdRemap } from './remap';
import type { VectorForm } from './vector';
import { vectorQuantizer } from './vector-quantizer';

const flags = [false, true];
const forms: readonly VectorForm[] = flags.flatMap((normalizeQuery) =>
  flags.flatMap((normalizeCodebook) =>
    flags.map((normalizeOutput) => ({ normalizeQuery, normalizeCodebook, normalizeOutput })),
  ),
);
const named = forms.map(
  (form) =>
    [
      Object.entries(form)
        .flatMap(([name, on]) => (on ? [name] : []))
        .join(', ') || 'none',
      form,
    ] as const,
);

const parse = (json: Record<string, Json>) => vectorQuantizer.parseConfig({ n_e: 6, e_dim: 2, ...json });
const unit = (row: readonly number[]) => row.map((value) => value / Math.hypot(...row));

describe('configuration of the vector quantizer', () => {
  it('has the defaults of each code base', () => {
    expect(parse({})).toEqual({
      codes: 6,
      dim: 2,
      beta: 0.25,
      legacy: true,
      entropyWeight: 0,
      normalizeQuery: false,
      normalizeCodebook: false,
      normalizeOutput: false,
      l2Epsilon: 1e-12,
      metric: 'squared',
    });
    const unitVectors = { normalizeQuery: true, normalizeCodebook: true, normalizeOutput: true };
    expect(parse({ impl: 'llamagen', entropy_loss_ratio: 0.1 })).toMatchObject({
      ...unitVectors,
      legacy: false,
      entropyWeight: 0.1,
    });
    expect(parse({ l2_norm: true })).toMatchObject(unitVectors);
    const lavit = vectorQuantizer.parseConfig({ impl: 'lavit', n_embed: 30, embedding_dim: 6 });
    expect(lavit).toMatchObject({ codes: 30, dim: 6, normalizeQuery: true, normalizeCodebook: false });
  });

  it('takes every form apart, and a list of used codes', () => {
    const args = { normalize_query: true, normalize_output: true, l2_epsilon: 1e-6, metric: 'dot' };
    expect(parse(args)).toMatchObject({
      normalizeQuery: true,
      normalizeCodebook: false,
      normalizeOutput: true,
      l2Epsilon: 1e-6,
      metric: 'dot',
    });
    const remapped = parse({ remap_used: [4, 2, 5], unknown_index: 'extra' });
    expect(remapped.remap).toEqual({ used: [4, 2, 5], unknownIndex: 'extra' });
    expect(vectorQuantizer.bitsPerToken(remapped)).toBe(2);
    expect(vectorQuantizer.bitsPerToken(parse({ n_e: 1024 }))).toBe(10);
  });

  it('names what is missing or wrong', () => {
    expect(() => vectorQuantizer.parseConfig({ e_dim: 2 })).toThrow(/n_e or n_embed/);
    expect(() => vectorQuantizer.parseConfig({ n_e: 2 })).toThrow(/e_dim or embedding_dim/);
    expect(() => parse({ metric: 'manhattan' })).toThrow(ConfigError);
    expect(() => parse({ n_e: 0 })).toThrow(/n_e/);
    expect(() => parse({ remap: 'used.npy' })).toThrow(/remap/);
    expect(() => parse({ comitment: 1 })).toThrow(/comitment/);
  });
});

describe('the vector quantizer', () => {
  onBackends((backend) => {
    // Long codes point elsewhere than short ones.
    const table = [
      [3, 0],
      [0, 0.1],
      [-1, -1],
      [0.4, 0.5],
      [2, 2],
      [-0.2, 0.3],
    ];
    const rows = Array.from({ length: 12 }, (_, index) => [...wave(24).subarray(2 * index, 2 * index + 2)]);
    const params = () => ({ codebook: tf.tensor2d(table) });

    it.each(named)('normalizes %s as it is told', (_, form) => {
      const config = { ...parse({}), ...form };
      const searched = form.normalizeCodebook ? table.map(unit) : table;
      const expected = rows.map((row) => {
        const query = form.normalizeQuery ? unit(row) : row;
        const distances = searched.map((code) => Math.hypot(query[0]! - code[0]!, query[1]! - code[1]!));
        return distances.indexOf(Math.min(...distances));
      });
      const encode = (name: 'ids' | 'codes') =>
        resultOf(() => vectorQuantizer.encode(tf.tensor3d([rows]), params(), config)[name]!);
      expect(Array.from(encode('ids').data)).toEqual(expected);
      const returned = form.normalizeOutput ? table.map(unit) : table;
      expectClose(encode('codes'), {
        shape: [1, 12, 2],
        data: Float32Array.from(expected.flatMap((id) => returned[id]!)),
      });
      const decoded = resultOf(() =>
        vectorQuantizer.decode(tf.tensor2d([expected], [1, 12], 'int32'), params(), config),
      );
      expectClose(decoded, encode('codes'), 0);
    });

    it('commutes with the order of vectors, and gives codes back as the same ids', () => {
      const size = fc.integer({ min: 1, max: 8 });
      fc.assert(
        fc.property(size, size, size, (count, codes, dim) => {
          const config = parse({ n_e: codes, e_dim: dim });
          const own = () => ({ codebook: tf.tensor2d(wave(codes * dim, 1), [codes, dim]) });
          const z = () => tf.tensor2d(wave(count * dim), [count, dim]);
          const ids = valuesOf(() => vectorQuantizer.encode(z(), own(), config).ids!);
          const reversed = valuesOf(() => vectorQuantizer.encode(tf.reverse(z(), 0), own(), config).ids!);
          expect(reversed.reverse()).toEqual(ids);
          const again = valuesOf(() => {
            const back = vectorQuantizer.decode(tf.tensor1d(ids, 'int32'), own(), config);
            return vectorQuantizer.encode(back, own(), config).ids!;
          });
          expect(again).toEqual(ids);
        }),
        { numRuns: backend === 'cpu' ? 25 : 8 },
      );
    });

    it('takes nothing, and one code', () => {
      const empty = resultOf(() => vectorQuantizer.encode(tf.zeros([0, 2]), params(), parse({})).codes);
      expect(empty.shape).toEqual([0, 2]);
      const one = parse({ n_e: 1 });
      const ids = valuesOf(() => vectorQuantizer.encode(tf.tensor2d(rows), { codebook: tf.ones([1, 2]) }, one).ids!);
      expect(ids.every((id) => id === 0)).toBe(true);
    });

    it('counts used codes only, and decodes others to the first', () => {
      const config = parse({ remap_used: [4, 2, 5], unknown_index: 'extra' });
      const encoded = () =>
        vectorQuantizer.encode(
          tf.tensor2d([
            [2, 2],
            [0, 0.1],
            [-1, -1],
          ]),
          params(),
          config,
        );
      expect(valuesOf(() => encoded().ids!)).toEqual([0, 3, 1]);
      expectClose(
        valuesOf(() => encoded().codes),
        [2, 2, 0, 0.1, -1, -1],
      );
      expectClose(
        valuesOf(() => vectorQuantizer.decode(encoded().ids!, params(), config)),
        [2, 2, 2, 2, -1, -1],
      );
    });
  });
});

describe('remapped ids', () => {
  onBackends(() => {
    const used = [7, 1, 4];
    const map = (remap: IdRemap, draws?: readonly number[]) =>
      valuesOf(() =>
        remapIds(
          tf.tensor2d(
            [
              [1, 7],
              [0, 4],
            ],
            [2, 2],
            'int32',
          ),
          remap,
          draws && tf.tensor2d([...draws], [2, 2], 'int32'),
        ),
      );

    it('give unknown codes an id of their own, a number or a drawn one', () => {
      expect(map({ used, unknownIndex: 'extra' })).toEqual([1, 0, 3, 2]);
      expect(map({ used, unknownIndex: 2 })).toEqual([1, 0, 2, 2]);
      expect(map({ used, unknownIndex: 'random' }, [0, 1, 1, 0])).toEqual([1, 0, 1, 2]);
      expect(map({ used, unknownIndex: 'random' })).toEqual([1, 0, -1, 2]);
      expect(remappedSize({ used, unknownIndex: 'extra' })).toBe(4);
      expect(remappedSize({ used, unknownIndex: 'random' })).toBe(3);
    });

    it('come back', () => {
      const back = valuesOf(() =>
        unmapIds(
          tf.tensor2d(
            [
              [1, 0],
              [3, -1],
            ],
            [2, 2],
            'int32',
          ),
          { used, unknownIndex: 'extra' },
        ),
      );
      expect(back).toEqual([1, 7, 7, 7]);
    });
  });
});
