import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { randomValues } from '../checkpoint/random-weights';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { fsqCodebook, fsqIds, fsqDigitsOfIds, fsqVocabularySize } from './fsq';
import { fsqLevelPresets } from './fsq-config';
import { cosmosFsqQuantizer, fsqQuantizer, type FsqParams } from './fsq-quantizer';
import { groupedQuantizer } from './grouped';
import { residualFsqCodes, residualFsqQuantizer } from './residual-fsq';
import { s3FsqQuantizer } from './s3-fsq';

const plain = (levels: readonly number[], more = {}) => fsqQuantizer.parseConfig({ levels: [...levels], ...more });
const idsOf = (levels: readonly number[], ...rows: readonly number[][]) =>
  valuesOf(() => fsqQuantizer.encode(tf.tensor2d([...rows]), {}, plain(levels)).ids!);

function randomMatrix(key: string, rows: number, columns: number): tf.Tensor2D {
  return tf.tensor2d(randomValues(key, [columns, rows], 'kernel', 3), [rows, columns]);
}

describe('the FSQ quantizer', () => {
  onBackends((backend) => {
    it('has the worked examples of the specification', () => {
      const z = [0.3, -1.2, 0, 2.5];
      expect(idsOf([8, 5, 5, 5], z)).toEqual([885]);
      const { digits, codes } = tf.tidy(() => {
        const encoded = fsqQuantizer.encode(tf.tensor2d([z]), {}, plain([8, 5, 5, 5]));
        return {
          digits: Array.from((encoded as { readonly digits?: tf.Tensor }).digits!.dataSync()),
          codes: encoded.codes.dataSync().slice(),
        };
      });
      expect(digits).toEqual([5, 0, 2, 4]);
      expectClose(codes, [0.25, -1, 0, 1]);
      expect(idsOf([8, 8, 8, 5, 5, 5], [-3, 3, 0, -3, 3, 0])).toEqual([36152]);
      expect(idsOf([8, 5, 5, 5], [50, 50, 50, 50], [-50, -50, -50, -50])).toEqual([999, 0]);
    });

    it('decodes what it encodes, and encodes the codes of ids as those ids', () => {
      const levels = fc.array(fc.integer({ min: 3, max: 9 }), { minLength: 1, maxLength: 5 });
      fc.assert(
        fc.property(levels, fc.integer({ min: 1, max: 3 }), fc.boolean(), (sizes, codebooks, symmetric) => {
          const config = plain(sizes, { num_codebooks: codebooks, preserve_symmetry: symmetric });
          const z = () => tf.mul(tf.tensor2d(wave(5 * config.dim), [5, config.dim]), 3);
          const [ids, codes, decoded, again] = tf.tidy(() => {
            const first = fsqQuantizer.encode(z(), {}, config);
            const back = fsqQuantizer.decode(first.ids!, {}, config);
            const ids = fsqIds(fsqDigitsOfIds(first.ids!, config), config);
            return [first.ids!, first.codes, back, ids].map((x) => x.dataSync().slice());
          }) as unknown as Float32Array[];
          expectClose(decoded!, codes!);
          expect(Array.from(again!)).toEqual(Array.from(ids!));
          for (const id of ids!) expect(id >= 0 && id < fsqVocabularySize(config)).toBe(true);
        }),
        { numRuns: backend === 'cpu' ? 25 : 8 },
      );
    });

    it('projects in and out, and keeps the axis of codebooks', () => {
      const config = plain([7, 5, 4], { dim: 9, num_codebooks: 2 });
      const run = (part: 'ids' | 'codes' | 'decoded') =>
        resultOf(() => {
          const params: FsqParams = {
            projectIn: { kernel: randomMatrix('in', 9, 6), bias: tf.tensor1d(wave(6)) },
            projectOut: { kernel: randomMatrix('out', 6, 9), bias: tf.tensor1d(wave(9)) },
          };
          const encoded = fsqQuantizer.encode(tf.tensor3d(wave(54), [2, 3, 9]), params, config);
          return part === 'decoded' ? fsqQuantizer.decode(encoded.ids!, params, config) : encoded[part]!;
        });
      expect(run('ids').shape).toEqual([2, 3, 2]);
      expectClose(run('decoded'), run('codes'));
    });

    it('turns vectors forth and back', () => {
      const config = plain([5, 5], { orthogonal_rotation: true });
      const angle = 0.7;
      const codes = valuesOf(() => {
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const rotation = tf.tensor2d([c, -s, s, c], [2, 2]);
        const z = tf.matMul(tf.tensor2d([[0.6, -0.2]]), rotation, false, true);
        const { codes: turned } = fsqQuantizer.encode(z, { rotation }, config);
        return tf.matMul(turned as tf.Tensor2D, rotation);
      });
      expectClose(
        codes,
        valuesOf(() => fsqQuantizer.encode(tf.tensor2d([[0.6, -0.2]]), {}, plain([5, 5])).codes),
      );
    });

    it('counts more than 2^24 codes exactly, and gives digits where ids would not fit', () => {
      const levels = new Array<number>(13).fill(5);
      const config = plain(levels);
      const last = fsqVocabularySize(config) - 1;
      const ids = [last, last - 1, 2 ** 24 + 1, 0];
      expect(valuesOf(() => fsqIds(fsqDigitsOfIds(tf.tensor1d(ids, 'int32'), config), config))).toEqual(ids);
      const many = { levels: new Array<number>(16).fill(5) };
      expect(() => fsqQuantizer.parseConfig(many)).toThrow(ConfigError);
      const digits = fsqQuantizer.parseConfig({ ...many, return_indices: false });
      const z = () => tf.tensor2d(wave(32), [2, 16]);
      const decoded = valuesOf(() => {
        const encoded = fsqQuantizer.encode(z(), {}, digits) as unknown as { digits: tf.Tensor; ids?: tf.Tensor };
        expect(encoded.ids).toBeUndefined();
        return fsqQuantizer.decode(encoded.digits, {}, digits);
      });
      expectClose(
        decoded,
        valuesOf(() => fsqQuantizer.encode(z(), {}, digits).codes),
      );
    });

    it('gives a zero the upper of two levels', () => {
      const config = plain([2, 4, 3], { preserve_symmetry: true });
      expect(valuesOf(() => fsqQuantizer.encode(tf.zeros([1, 3]), {}, config).ids!)).toEqual([1 + 2 * 2 + 8]);
    });

    it('says how close the next level was', () => {
      const margins = valuesOf(() => fsqQuantizer.encode(tf.tensor2d([[0], [0.5]]), {}, plain([3])).margins!);
      expectClose(margins, [0.5, Math.abs(0.5 - Math.tanh(0.5) * 1.001)], 1e-6);
    });

    it('lists the whole codebook in the order of ids', () => {
      const codes = valuesOf(() => fsqCodebook(plain([3, 4, 5])));
      expect(codes.slice(0, 9)).toEqual([-1, -1, -1, 0, -1, -1, 1, -1, -1]);
      expect(codes).toHaveLength(180);
    });

    it('takes no vectors at all', () => {
      expect(resultOf(() => fsqQuantizer.encode(tf.zeros([0, 4]), {}, plain([8, 5, 5, 5])).ids!).shape).toEqual([0]);
      expect(resultOf(() => fsqQuantizer.decode(tf.zeros([0], 'int32'), {}, plain([8, 5]))).shape).toEqual([0, 2]);
      const projections = (): FsqParams => ({
        projectIn: { kernel: randomMatrix('in', 9, 2) },
        projectOut: { kernel: randomMatrix('out', 2, 9) },
      });
      const projected = plain([8, 5], { dim: 9, projection_has_bias: false });
      const codes = resultOf(() => fsqQuantizer.encode(tf.zeros([0, 3, 9]), projections(), projected).codes);
      expect(codes.shape).toEqual([0, 3, 9]);
    });

    it('truncates as Cosmos does', () => {
      const config = cosmosFsqQuantizer.parseConfig({ levels: [8, 8, 8, 5, 5, 5] });
      const z = () => tf.mul(tf.tensor2d(wave(600), [100, 6]), 2);
      expect(valuesOf(() => cosmosFsqQuantizer.encode(z(), {}, config).ids!)).toEqual(
        valuesOf(() => fsqQuantizer.encode(z(), {}, plain([8, 8, 8, 5, 5, 5])).ids!),
      );
    });

    it('has 6561 ids in S3 form', () => {
      const identity = () => ({ projectDown: { kernel: tf.eye(8) } });
      const ids = valuesOf(
        () => s3FsqQuantizer.encode(tf.tensor2d([[9, 0, -9, 0, 0, 0, 0, 9]]), identity(), { dim: 8 }).ids!,
      );
      const digits = [2, 1, 0, 1, 1, 1, 1, 2];
      expect(ids).toEqual([digits.reduce((sum, digit, index) => sum + digit * 3 ** index, 0)]);
      expect(valuesOf(() => s3FsqQuantizer.decode(tf.tensor1d(ids, 'int32'), identity(), { dim: 8 }))).toEqual(
        digits.map((digit) => digit - 1),
      );
    });
  });

  it('has the level sets of the paper', () => {
    const sizes = Object.values(fsqLevelPresets).map((levels) => fsqVocabularySize({ levels, bound: 'tanh' }));
    expect(sizes).toEqual([240, 1000, 4375, 15360, 64000]);
  });

  it('refuses what the official code refuses', () => {
    expect(() => plain([2, 4])).toThrow(ConfigError);
    expect(() => plain([8, 5], { noise_dropout: 0.5 })).toThrow(/noise_dropout/u);
    expect(() => plain([8, 5], { num_codebooks: 2, keep_num_codebooks_dim: false })).toThrow(ConfigError);
    expect(() => plain([1, 5])).toThrow(ConfigError);
    expect(() => tf.tidy(() => fsqQuantizer.encode(tf.zeros([2, 3]), {}, plain([8, 5])))).toThrow(ShapeError);
    expect(() =>
      residualFsqQuantizer.parseConfig({ levels: [8, 5], num_quantizers: 2, soft_clamp_input_value: 2 }),
    ).toThrow(ConfigError);
  });
});

describe('residual FSQ', () => {
  onBackends(() => {
    const config = residualFsqQuantizer.parseConfig({ levels: [8, 5, 2], num_quantizers: 3, quantize_dropout: true });
    const z = () => tf.mul(tf.tensor3d(wave(36), [3, 4, 3]), 1.5);

    it('decodes to what it encoded; every layer brings it nearer', () => {
      const { codes, decoded, errors } = tf.tidy(() => {
        const encoded = residualFsqQuantizer.encode(z(), {}, config);
        const bent = tf.mul(
          tf.tanh(tf.div(z(), tf.tensor1d(config.softClamp as number[]))),
          tf.tensor1d(config.softClamp as number[]),
        );
        const parts = tf.cumsum(residualFsqCodes(encoded.ids!, {}, config), 0);
        const error = tf.mean(tf.square(tf.sub(parts, bent)), [1, 2, 3]);
        return {
          codes: encoded.codes.dataSync().slice(),
          decoded: residualFsqQuantizer.decode(encoded.ids!, {}, config).dataSync().slice(),
          errors: Array.from(error.dataSync()),
        };
      });
      expectClose(decoded, codes);
      expect(errors[1]).toBeLessThan(errors[0]!);
      expect(errors[2]).toBeLessThan(errors[1]!);
    });

    it('takes fewer layers, and -1 for layers that were dropped', () => {
      const [prefix, dropped] = tf.tidy(() => {
        const ids = residualFsqQuantizer.encode(z(), {}, config).ids!;
        const first = tf.slice(ids, [0, 0, 0], [3, 4, 2]);
        const none = tf.concat([first, tf.fill([3, 4, 1], -1, 'int32')], -1);
        return [first, none].map((tokens) => residualFsqQuantizer.decode(tokens, {}, config).dataSync().slice());
      }) as unknown as Float32Array[];
      expectClose(prefix!, dropped!, 0);
      expect(() => tf.tidy(() => residualFsqQuantizer.decode(tf.zeros([2, 4], 'int32'), {}, config))).toThrow(
        ShapeError,
      );
    });

    it('quantizes groups of channels apart', () => {
      const grouped = groupedQuantizer('grouped-residual-fsq', residualFsqQuantizer);
      const args = { levels: [5, 5], num_quantizers: 2 };
      const both = grouped.parseConfig({ ...args, dim: 4, groups: 2 });
      const vectors = () => tf.tensor2d(wave(20), [5, 4]);
      const second = valuesOf(
        () =>
          residualFsqQuantizer.encode(tf.slice(vectors(), [0, 2], [5, 2]), {}, residualFsqQuantizer.parseConfig(args))
            .ids!,
      );
      const ids = resultOf(() => grouped.encode(vectors(), {}, both).ids!);
      expect(ids.shape).toEqual([2, 5, 2]);
      expect(Array.from(ids.data.slice(10))).toEqual(second);
      expectClose(
        valuesOf(() => grouped.decode(grouped.encode(vectors(), {}, both).ids!, {}, both)),
        valuesOf(() => grouped.encode(vectors(), {}, both).codes),
      );
      expect(() => grouped.parseConfig({ ...args, dim: 5, groups: 2 })).toThrow(ConfigError);
    });
  });
});
