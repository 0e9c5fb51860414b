import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf, wave } from '../../test/on-backends';
import { ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { halvingScales, latentPyramid, pyramidSequence, splitPyramid } from './latent-pyramid';
import { tokenCount } from './residual-scales';

describe('scales that halve', () => {
  it('have 341 positions for a map of 16 x 16', () => {
    const scales = halvingScales(16, 16);
    expect(scales.map(([height]) => height)).toEqual([1, 2, 4, 8, 16]);
    expect(tokenCount(scales)).toBe(341);
  });

  it('stop where they are told, and refuse sides that do not halve', () => {
    expect(halvingScales(12, 20, 3)).toEqual([
      [3, 5],
      [6, 10],
      [12, 20],
    ]);
    expect(() => halvingScales(12, 12)).toThrow(ShapeError);
    expect(() => halvingScales(4, 4, 0)).toThrow(ShapeError);
  });
});

describe('a pyramid of a latent', () => {
  onBackends(() => {
    it('holds means, coarse to fine', () => {
      const latent = () => tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1]);
      expect(valuesOf(() => pyramidSequence(latentPyramid(latent(), halvingScales(2, 2))))).toEqual([3, 1, 2, 3, 6]);
    });

    it('comes back from its sequence, also in part', () => {
      const scales = halvingScales(4, 8);
      tf.tidy(() => {
        const pyramid = latentPyramid(tf.tensor4d(wave(192), [2, 4, 8, 3]), scales);
        const sequence = pyramidSequence(pyramid);
        expect(sequence.shape).toEqual([2, tokenCount(scales), 3]);
        const back = splitPyramid(sequence, scales);
        back.forEach((map, scale) => expectClose(map.dataSync(), pyramid[scale]!.dataSync(), 0));
        expect(splitPyramid(tf.slice(sequence, [0, 0, 0], [2, 2, 3]), scales)).toHaveLength(1);
        expect(() => splitPyramid(tf.slice(sequence, [0, 0, 0], [2, 3, 3]), scales)).toThrow(ShapeError);
      });
    });
  });
});
