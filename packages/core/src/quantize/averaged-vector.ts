import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { type AveragedVectorConfig, parseAveragedVectorConfig } from './averaged-vector-config';
import { type HeadProjections, projectIntoHeads, projectOutOfHeads } from './multi-head-vector';
import { defineQuantizer } from './quantizer';
import { decodeVectors, encodeVectors, type VectorForm } from './vector';

export interface AveragedVectorParams extends Pick<HeadProjections, 'projectIn' | 'projectOut'> {
  /** `[K, codebookDim]`. */
  readonly codebook: tf.Tensor2D;
}

/** Where a flavor keeps its codes, and what else its module stores. */
const storage: Readonly<
  Record<AveragedVectorConfig['flavor'], { readonly codes: readonly string[]; readonly statistics: readonly string[] }>
> = {
  '4m-euclidean': { codes: ['_codebook.embed'], statistics: ['_codebook'] },
  '4m-cosine': { codes: ['_codebook.embed'], statistics: ['_codebook'] },
  'norm-ema': { codes: ['embedding.weight'], statistics: ['cluster_size', 'embedding'] },
  sonnet: { codes: ['_embedding', '_embedding.weight'], statistics: ['_ema_cluster_size', '_ema_w'] },
};

/** How a flavor compares. Codes are returned as they are stored, whatever their length. */
export function averagedVectorForm({
  flavor,
  normLatents,
}: {
  readonly flavor: AveragedVectorConfig['flavor'] | 'encodec';
  readonly normLatents: boolean;
}): VectorForm {
  const isCosine = flavor === '4m-cosine';
  return {
    normalizeQuery: normLatents || isCosine,
    normalizeCodebook: isCosine,
    metric: isCosine ? 'dot' : 'squared',
  };
}

function weights(map: WeightMap, config: AveragedVectorConfig): Host<AveragedVectorParams> {
  const { flavor, dim, heads, codebookDim, codebookSize } = config;
  const { codes, statistics } = storage[flavor];
  const wide = heads * codebookDim;
  map.ignore(...statistics);
  return {
    codebook: map.tensor(codes, [codebookSize, codebookDim], { role: 'codebook' }),
    ...(wide !== dim && {
      projectIn: map.linear('project_in', dim, wide),
      projectOut: map.linear('project_out', wide, dim),
    }),
  } as Host<AveragedVectorParams>;
}

/**
 * `averaged-vector`: one codebook as 4M, BEATs and BEiT-2, and AURORA train it.
 *
 * `ids` are `[...]`, with more heads `[..., heads]`.
 */
export const averagedVectorQuantizer = defineQuantizer<AveragedVectorConfig, AveragedVectorParams>({
  kind: 'averaged-vector',
  parseConfig: parseAveragedVectorConfig,
  weights,
  bitsPerToken: ({ codebookSize }) => Math.log2(codebookSize),
  encode(z, params, config) {
    const { heads, codebookDim } = config;
    return tf.tidy(() => {
      const leading = z.shape.slice(0, -1);
      const split = tf.reshape(projectIntoHeads(z, params), [...leading, heads, codebookDim]);
      const { ids, margins } = encodeVectors(split, params.codebook, averagedVectorForm(config));
      const codes = tf.reshape(decodeVectors(ids, params.codebook), [...leading, heads * codebookDim]);
      const tokenShape = heads === 1 ? leading : [...leading, heads];
      return {
        ids: tf.reshape(ids, tokenShape),
        margins: tf.reshape(margins, tokenShape),
        codes: projectOutOfHeads(codes, params),
      };
    });
  },
  decode(ids, params, { heads, codebookDim }) {
    return tf.tidy(() => {
      const leading = heads === 1 ? ids.shape : ids.shape.slice(0, -1);
      const codes = tf.reshape(decodeVectors(ids, params.codebook), [...leading, heads * codebookDim]);
      return projectOutOfHeads(codes, params);
    });
  },
});
