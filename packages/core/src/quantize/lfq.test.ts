import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { randomValues } from '../checkpoint/random-weights';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { regroupIds } from './bits';
import { magvit2LfqQuantizer } from './factorized-lfq';
import { gqQuantizer } from './gq';
import { groupedQuantizer } from './grouped';
import { lfqQuantizer } from './lfq-quantizer';
import type { Quantizer } from './quantizer';
import { residualLfqCodes, residualLfqQuantizer } from './residual-lfq';

const row = (...values: readonly number[]) => tf.tensor2d([...values], [1, values.length]);

/** ids, codes, and what the ids decode to. */
function roundTrip<Config, Params>(
  quantizer: Quantizer<Config, Params>,
  config: Config,
  z: () => tf.Tensor,
  params = (): Params => ({}) as Params,
) {
  return tf.tidy(() => {
    const own = params();
    const { ids, bits, codes } = quantizer.encode(z(), own, config);
    const decoded = quantizer.decode(ids ?? bits!, own, config);
    const again = quantizer.encode(decoded, own, config);
    const read = (x: tf.Tensor | undefined) => Array.from(x?.dataSync() ?? []);
    return { ids: read(ids), bits: read(bits), codes: read(codes), decoded: read(decoded), again: read(again.ids) };
  });
}

describe('lookup-free quantization', () => {
  onBackends((backend) => {
    const z = () => row(0.2, -0.1, 0.3, -0.7);

    it('counts the first channel most significant in lucidrains’ form, least significant in Open-MAGVIT2’s', () => {
      expect(roundTrip(lfqQuantizer, lfqQuantizer.parseConfig({ dim: 4 }), z).ids).toEqual([10]);
      const config = magvit2LfqQuantizer.parseConfig({ dim: 4, codebook_size: 16 });
      expect(roundTrip(magvit2LfqQuantizer, config, z)).toMatchObject({ ids: [5], codes: [1, -1, 1, -1] });
    });

    it('gives a coordinate of exactly zero the bit 0', () => {
      const config = lfqQuantizer.parseConfig({ dim: 4 });
      expect(roundTrip(lfqQuantizer, config, () => row(0, -0, 1e-20, -1e-20))).toMatchObject({ bits: [0, 0, 1, 0] });
    });

    it('decodes what it encodes, and encodes codes as their ids', () => {
      const options = fc.record({
        bits: fc.integer({ min: 1, max: 18 }),
        num_codebooks: fc.integer({ min: 1, max: 3 }),
        spherical: fc.boolean(),
        codebook_scale: fc.constantFrom(1, 0.5, 0.25),
      });
      fc.assert(
        fc.property(options, ({ bits, ...args }) => {
          const config = lfqQuantizer.parseConfig({ ...args, codebook_size: 2 ** bits });
          const vectors = () => tf.tensor2d(wave(4 * config.dim, bits), [4, config.dim]);
          const { ids, codes, decoded, again } = roundTrip(lfqQuantizer, config, vectors);
          expectClose(decoded, codes, 0);
          expect(again).toEqual(ids);
          for (const id of ids) expect(id >= 0 && id < 2 ** bits).toBe(true);
          const length = args.spherical ? args.codebook_scale / Math.sqrt(bits) : args.codebook_scale;
          expectClose(
            codes.map(Math.abs),
            codes.map(() => length),
          );
        }),
        { numRuns: backend === 'cpu' ? 20 : 8 },
      );
    });

    it('projects, bends and turns, and decodes to the same', () => {
      const config = lfqQuantizer.parseConfig({
        dim: 5,
        codebook_size: 16,
        num_codebooks: 2,
        soft_clamp_input_value: 2,
        orthogonal_rotation: true,
        cosine_sim_project_in: true,
      });
      const matrix = (key: string, rows: number, columns: number) =>
        tf.tensor2d(randomValues(key, [columns, rows], 'kernel', 1), [rows, columns]);
      const params = () => ({
        projectIn: { kernel: matrix('in', 5, 8) },
        projectOut: { kernel: matrix('out', 8, 5), bias: tf.tensor1d(wave(5)) },
        rotation: tf.tensor2d([0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0], [4, 4]),
      });
      const vectors = () => tf.tensor3d(wave(60), [3, 4, 5]);
      const { codes, decoded, ids } = roundTrip(lfqQuantizer, config, vectors, params);
      expectClose(decoded, codes, 0);
      expect(ids).toHaveLength(24);
      // Cosines do not depend on the length of a vector or of a column.
      const longer = () => ({ ...params(), projectIn: { kernel: tf.mul(matrix('in', 5, 8), 7) as tf.Tensor2D } });
      expect(roundTrip(lfqQuantizer, config, () => tf.mul(vectors(), 3), longer).ids).toEqual(ids);
    });

    it('has bits instead of ids where a codebook has more than 31', () => {
      const config = lfqQuantizer.parseConfig({ dim: 40 });
      const vectors = () => tf.tensor2d(wave(80), [2, 40]);
      const { ids, bits, codes, decoded } = roundTrip(lfqQuantizer, config, vectors);
      expect(ids).toEqual([]);
      expect(bits).toEqual(codes.map((code) => (code > 0 ? 1 : 0)));
      expectClose(decoded, codes, 0);
    });

    it('gives the absolute value of the closest component as margin', () => {
      const margins = valuesOf(() => lfqQuantizer.encode(z(), {}, lfqQuantizer.parseConfig({ dim: 4 })).margins!);
      expectClose(margins, [0.1]);
    });

    it('takes no vectors at all, and refuses others', () => {
      const config = lfqQuantizer.parseConfig({ dim: 4 });
      expect(resultOf(() => lfqQuantizer.encode(tf.zeros([0, 4]), {}, config).ids!).shape).toEqual([0]);
      expect(resultOf(() => lfqQuantizer.decode(tf.zeros([0], 'int32'), {}, config)).shape).toEqual([0, 4]);
      expect(() => tf.tidy(() => lfqQuantizer.encode(tf.zeros([2, 5]), {}, config))).toThrow(ShapeError);
    });

    it('cuts the bits of a token another way for autoregressive models', () => {
      const args = { dim: 8, codebook_size: 256 };
      const plain = magvit2LfqQuantizer.parseConfig(args);
      const cut = magvit2LfqQuantizer.parseConfig({ ...args, token_factorization: true, factorized_bits: [3, 5] });
      const vectors = () => tf.tensor3d(wave(48), [2, 3, 8]);
      const [id] = roundTrip(magvit2LfqQuantizer, plain, vectors).ids;
      const { ids, codes, decoded } = roundTrip(magvit2LfqQuantizer, cut, vectors);
      expect(ids.slice(0, 2)).toEqual([id! % 8, id! >> 3]);
      expectClose(decoded, codes, 0);
      expect(resultOf(() => magvit2LfqQuantizer.encode(vectors(), {}, cut).ids!).shape).toEqual([2, 3, 2]);
    });
  });

  it('refuses what the official code refuses', () => {
    const parse = (json: object) => () => lfqQuantizer.parseConfig({ ...json });
    expect(parse({})).toThrow(/codebook_size/u);
    expect(parse({ codebook_size: 48 })).toThrow(/power of 2/u);
    expect(parse({ dim: 4, codebook_scale: 2, soft_clamp_input_value: 1 })).toThrow(ConfigError);
    expect(parse({ dim: 5, codebook_size: 16, has_projections: false })).toThrow(ConfigError);
    expect(parse({ dim: 4, frac_per_sample_entropy: 0 })).toThrow(ConfigError);
    expect(() =>
      magvit2LfqQuantizer.parseConfig({ dim: 8, token_factorization: true, factorized_bits: [3, 3] }),
    ).toThrow(/factorized_bits/u);
    expect(() => magvit2LfqQuantizer.parseConfig({ dim: 9, codebook_size: 256 })).toThrow(/dim/u);
  });
});

describe('group-wise quantization', () => {
  onBackends(() => {
    const vectors = () => tf.tensor3d(wave(64 * 4), [2, 2, 64]);

    it('keeps 64 bits as eight ids, groups fastest', () => {
      const config = gqQuantizer.parseConfig({ dim: 64, codebook_size: 256, num_codebooks: 8 });
      const { ids, codes, decoded, bits } = roundTrip(gqQuantizer, config, vectors);
      expect(resultOf(() => gqQuantizer.encode(vectors(), {}, config).ids!).shape).toEqual([2, 2, 8]);
      expectClose(decoded, codes, 0);
      ids.forEach((id, index) => {
        const own = bits.slice(index * 8, index * 8 + 8);
        expect(id).toBe(own.reduce((sum, bit, place) => sum + bit * 2 ** place, 0));
      });
    });

    it('cuts the bits of all groups together', () => {
      const args = { dim: 16, codebook_size: 256, num_codebooks: 2 };
      const plain = gqQuantizer.parseConfig(args);
      const four = gqQuantizer.parseConfig({ ...args, token_factorization: true, factorized_bits: [4, 4, 8] });
      const one = gqQuantizer.parseConfig({ ...args, token_factorization: true, factorized_bits: [16] });
      const small = () => tf.tensor3d(wave(96), [2, 3, 16]);
      const expected = (to: number[]) =>
        valuesOf(() => regroupIds(gqQuantizer.encode(small(), {}, plain).ids!, [8, 8], to, 'lsb'));
      for (const [config, to] of [
        [four, [4, 4, 8]],
        [one, [16]],
      ] as const) {
        const { ids, codes, decoded } = roundTrip(gqQuantizer, config, small);
        expect(ids).toEqual(expected([...to]));
        expectClose(decoded, codes, 0);
      }
    });
  });
});

describe('residual LFQ', () => {
  onBackends(() => {
    const args = { dim: 4, codebook_size: 16, num_quantizers: 3 };
    const config = residualLfqQuantizer.parseConfig(args);
    const vectors = () => tf.tensor3d(wave(24), [2, 3, 4]);

    it('halves its codes from layer to layer, and decodes to what it encoded', () => {
      const { codes, decoded } = roundTrip(residualLfqQuantizer, config, vectors);
      expectClose(decoded, codes, 0);
      const layers = valuesOf(() =>
        residualLfqCodes(residualLfqQuantizer.encode(vectors(), {}, config).ids!, {}, config),
      );
      layers.forEach((code, index) => expect(Math.abs(code)).toBe(2 ** -Math.floor(index / 24)));
      const error = valuesOf(() =>
        tf.max(tf.abs(tf.sub(vectors(), residualLfqQuantizer.encode(vectors(), {}, config).codes))),
      );
      expect(error[0]).toBeLessThanOrEqual(0.25 + 1e-6);
    });

    it('takes fewer layers, and -1 for layers that were dropped', () => {
      const [prefix, dropped] = tf.tidy(() => {
        const ids = tf.slice(residualLfqQuantizer.encode(vectors(), {}, config).ids!, [0, 0, 0], [2, 3, 2]);
        const none = tf.concat([ids, tf.fill([2, 3, 1], -1, 'int32')], -1);
        return [ids, none].map((tokens) => Array.from(residualLfqQuantizer.decode(tokens, {}, config).dataSync()));
      }) as unknown as number[][];
      expect(prefix).toEqual(dropped);
      expect(() => tf.tidy(() => residualLfqQuantizer.decode(tf.zeros([1, 4], 'int32'), {}, config))).toThrow(
        ShapeError,
      );
    });

    it('quantizes groups of channels apart', () => {
      const grouped = groupedQuantizer('grouped-residual-lfq', residualLfqQuantizer);
      const both = grouped.parseConfig({ ...args, dim: 8, groups: 2 });
      const wide = () => tf.tensor2d(wave(40), [5, 8]);
      expect(resultOf(() => grouped.encode(wide(), {}, both).ids!).shape).toEqual([2, 5, 3]);
      expectClose(
        valuesOf(() => grouped.decode(grouped.encode(wide(), {}, both).ids!, {}, both)),
        valuesOf(() => grouped.encode(wide(), {}, both).codes),
        0,
      );
      expect(grouped.bitsPerToken(both)).toBe(24);
    });
  });
});
