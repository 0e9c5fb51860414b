import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { bsqQuantizer, decodeBsqGroups } from './bsq';

const official = { beta: 0.25, gamma0: 1, gamma: 1, zeta: 0.1, l2_norm: true };
const encode = (z: () => tf.Tensor, args: object) => {
  const config = bsqQuantizer.parseConfig({ ...official, ...args });
  return tf.tidy(() => {
    const { ids, bits, codes, ...others } = bsqQuantizer.encode(z(), {}, config);
    const { groupIds } = others as unknown as { readonly groupIds?: tf.Tensor };
    const decoded = bsqQuantizer.decode(ids ?? bits!, {}, config);
    const fromGroups = groupIds && decodeBsqGroups(groupIds, config);
    const read = (x: tf.Tensor | undefined) => (x ? Array.from(x.dataSync()) : undefined);
    return {
      ids: read(ids),
      bits: read(bits)!,
      codes: read(codes)!,
      groupIds: read(groupIds),
      decoded: read(decoded)!,
      fromGroups: read(fromGroups),
    };
  });
};

describe('binary spherical quantization', () => {
  onBackends(() => {
    it('counts the first channel most significant, in the token and in every group', () => {
      const z = () => tf.tensor2d([[1, -1, 1, 1, -1, -1]]);
      const { ids, groupIds, codes, decoded, fromGroups } = encode(z, { embed_dim: 6, group_size: 3 });
      expect(ids).toEqual([0b101100]);
      expect(groupIds).toEqual([0b101, 0b100]);
      const length = 1 / Math.sqrt(6);
      expectClose(codes, [length, -length, length, length, -length, -length]);
      expectClose(decoded, codes, 0);
      expectClose(fromGroups!, codes, 0);
    });

    it('has codes of ±1 without normalization', () => {
      const z = () => tf.tensor2d(wave(54), [3, 18]);
      const { codes, ids, groupIds } = encode(z, { embed_dim: 18, l2_norm: false });
      expect(new Set(codes.map(Math.abs))).toEqual(new Set([1]));
      ids!.forEach((id, token) => expect(id).toBe(groupIds![token * 2]! * 512 + groupIds![token * 2 + 1]!));
    });

    it('keeps 36 bits as bits and group ids, exactly', () => {
      const z = () => tf.tensor2d(wave(36 * 5), [5, 36]);
      const { ids, bits, groupIds, codes, decoded, fromGroups } = encode(z, { embed_dim: 36 });
      expect(ids).toBeUndefined();
      expectClose(decoded, codes, 0);
      expectClose(fromGroups!, codes, 0);
      for (let token = 0; token < 5; token += 1) {
        const exact = BigInt(`0b${bits.slice(token * 36, token * 36 + 36).join('')}`);
        const groups = groupIds!.slice(token * 4, token * 4 + 4);
        expect(groups.reduce((sum, group) => sum * 512n + BigInt(group), 0n)).toBe(exact);
      }
    });

    it('does not depend on the length of vectors, and takes none at all', () => {
      const z = () => tf.tensor2d(wave(18), [3, 6]);
      const args = { embed_dim: 6, group_size: 3 };
      expect(encode(() => tf.mul(z(), 40), args).ids).toEqual(encode(z, args).ids);
      const config = bsqQuantizer.parseConfig({ ...official, ...args });
      expect(resultOf(() => bsqQuantizer.encode(tf.zeros([0, 6]), {}, config).ids!).shape).toEqual([0]);
      expect(() => tf.tidy(() => bsqQuantizer.encode(tf.zeros([2, 5]), {}, config))).toThrow(ShapeError);
      expectClose(
        valuesOf(() => bsqQuantizer.encode(tf.tensor2d([[3, 4, 12, 0.5, 1, -1]]), {}, config).margins!),
        [0.5 / Math.sqrt(9 + 16 + 144 + 0.25 + 2)],
      );
    });
  });

  it('refuses groups that do not fill a token, and the entropy that cannot run', () => {
    expect(() => bsqQuantizer.parseConfig({ embed_dim: 10 })).toThrow(/group_size/u);
    expect(() => bsqQuantizer.parseConfig({ embed_dim: 18, soft_entropy: false })).toThrow(ConfigError);
  });
});
