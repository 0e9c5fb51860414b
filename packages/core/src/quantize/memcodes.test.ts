import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, wave } from '../../test/on-backends';
import { ConfigError } from '../errors';
import { expectClose } from '../test/expect-close';
import { memcodes, type MemcodesParams } from './memcodes';

const params = (heads: number, codes: number, width: number): MemcodesParams => ({
  codes: tf.tensor3d(wave(heads * codes * width, 1), [heads, codes, width]),
  toKeys: tf.tensor3d(wave(heads * width * width, 2), [heads, width, width]),
  toValues: tf.tensor3d(wave(heads * width * width, 3), [heads, width, width]),
});

describe('memcodes', () => {
  it('has the official options', () => {
    expect(memcodes.parseConfig({ dim: 12, codebook_size: 20 })).toEqual({
      dim: 12,
      codes: 20,
      heads: 1,
      temperature: 1,
    });
    expect(() => memcodes.parseConfig({ dim: 12, codebook_size: 20, heads: 5 })).toThrow(ConfigError);
    expect(memcodes.bitsPerToken(memcodes.parseConfig({ dim: 12, codebook_size: 1024 }))).toBe(10);
  });

  onBackends(() => {
    it.each([1, 2, 3])('compares with keys and gives values, %i heads', (heads) => {
      const config = memcodes.parseConfig({ dim: 6, codebook_size: 5, heads });
      const width = 6 / heads;
      const z = () => tf.tensor3d(wave(24), [2, 2, 6]);
      const encoded = (name: 'ids' | 'codes') =>
        resultOf(() => memcodes.encode(z(), params(heads, 5, width), config)[name]!);
      const [keys, values] = [2, 3].map(
        (phase) =>
          resultOf(() =>
            tf.matMul(
              tf.tensor3d(wave(heads * 5 * width, 1), [heads, 5, width]),
              tf.tensor3d(wave(heads * width * width, phase), [heads, width, width]),
            ),
          ).data,
      );
      const expected = { ids: [] as number[], codes: [] as number[] };
      for (let part = 0; part < 4 * heads; part += 1) {
        const query = wave(24).subarray(part * width, (part + 1) * width);
        const head = part % heads;
        const products = Array.from({ length: 5 }, (_, code) =>
          query.reduce((sum, value, i) => sum + value * keys![(head * 5 + code) * width + i]!, 0),
        );
        const id = products.indexOf(Math.max(...products));
        expected.ids.push(id);
        expected.codes.push(...values!.subarray((head * 5 + id) * width, (head * 5 + id + 1) * width));
      }
      expect(Array.from(encoded('ids').data)).toEqual(expected.ids);
      expect(encoded('ids').shape).toEqual(heads === 1 ? [2, 2] : [2, 2, heads]);
      expectClose(encoded('codes'), { shape: [2, 2, 6], data: Float32Array.from(expected.codes) });
      const decoded = resultOf(() =>
        memcodes.decode(memcodes.encode(z(), params(heads, 5, width), config).ids!, params(heads, 5, width), config),
      );
      expectClose(decoded, encoded('codes'), 0);
    });

    it('takes nothing', () => {
      const config = memcodes.parseConfig({ dim: 6, codebook_size: 5, heads: 2 });
      const ids = resultOf(() => memcodes.encode(tf.zeros([0, 6]), params(2, 5, 3), config).ids!);
      expect(ids.shape).toEqual([0, 2]);
    });
  });
});
