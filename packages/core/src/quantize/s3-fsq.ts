import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { linear, type LinearParams } from '../nn/linear';
import { tap } from '../nn/tap';
import { parseWith } from '../tokenizer/parse-with';
import { decodeFsq, encodeFsq, fsqMargins, type FsqConfig } from './fsq';
import { defineQuantizer } from './quantizer';

export interface S3FsqConfig {
  /** Channels of the vectors. */
  readonly dim: number;
}

export interface S3FsqParams {
  /** `[dim, 8]`. */
  readonly projectDown: LinearParams;
}

/** Eight digits of three levels: 6561 codes. */
const levels: FsqConfig = { levels: new Array<number>(8).fill(3), bound: 's3' };

const schema = v.object({
  dim: v.pipe(v.number(), v.integer(), v.minValue(1)),
  level: v.nullish(v.literal(3), 3),
});

/**
 * Quantizer of S3Tokenizer v2 (CosyVoice 2 and 3), `s3tokenizer/model_v2.py`: a linear map to 8 numbers, each rounded
 * to -1, 0 or 1; ids in `0..6560`, the first digit least significant. No map back is published: codes are `[..., 8]`.
 */
export const s3FsqQuantizer = defineQuantizer<S3FsqConfig, S3FsqParams>({
  kind: 's3-fsq',
  parseConfig: (json) => ({ dim: parseWith(schema, json, 's3-fsq').dim }),
  weights: (map, { dim }) => ({ projectDown: map.linear('project_down', dim, levels.levels.length) }),
  bitsPerToken: () => 8 * Math.log2(3),
  encode: (z, { projectDown }) =>
    tf.tidy(() => {
      const latents = tap('project_down', linear(z, projectDown));
      return { ...encodeFsq(latents, levels), margins: fsqMargins(latents, levels) };
    }),
  decode: (ids) => decodeFsq(ids, levels),
});
