import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { LinearParams, NormParams } from '@tesserae/core/nn';
import type { MagnetConfig, MagnetPoolingConfig } from './config';

/** Hidden state to the logit of a boundary. */
export interface BoundaryParams {
  readonly inner: LinearParams;
  readonly logit: LinearParams;
}

export interface PoolingParams {
  /** By script. */
  readonly predictors: Readonly<Record<string, BoundaryParams>>;
  /** `[width]`: the segment before the first. */
  readonly nullGroup: tf.Tensor1D;
  readonly norm: NormParams;
}

/** A layer of Transformer-XL with the norms behind the sums. */
export interface RelativeLayerParams {
  /** `[width, 3 · heads · headWidth]`: q, k, v side by side. */
  readonly qkv: LinearParams;
  readonly position: LinearParams;
  readonly out: LinearParams;
  readonly attentionNorm: NormParams;
  readonly inner: LinearParams;
  readonly outer: LinearParams;
  readonly norm: NormParams;
}

export interface MagnetParams extends PoolingParams {
  /** `[vocabulary, width]`. */
  readonly embedding: tf.Tensor2D;
  /** `[width / 2]`. */
  readonly frequencies: tf.Tensor1D;
  /** `[heads, headWidth]`, of all layers: added to queries that meet keys, and to those that meet positions. */
  readonly keyBias: tf.Tensor2D;
  readonly positionBias: tf.Tensor2D;
  readonly stages: readonly (readonly RelativeLayerParams[])[];
  readonly cast: LinearParams;
}

/** Only what pools, out of a whole model or of a file that has nothing else. */
export function readPoolingWeights(map: WeightMap, config: MagnetPoolingConfig): Host<PoolingParams> {
  map.ignore('word_emb', 'pos_emb', 'r_w_bias', 'r_r_bias', 'layers', 'final_cast');
  return readPooling(map, config);
}

export function readWeights(map: WeightMap, config: MagnetConfig): Host<MagnetParams> {
  const { width, heads, headWidth, vocabularySize } = config;
  return {
    ...readPooling(map, config),
    embedding: map.tensor('word_emb.weight', [vocabularySize, width], { role: 'embedding' }),
    frequencies: map.tensor('pos_emb.inv_freq', [width / 2]),
    keyBias: map.tensor('r_w_bias', [heads, headWidth]),
    positionBias: map.tensor('r_r_bias', [heads, headWidth]),
    stages: config.layers.map((count, stage) =>
      map.list(
        count,
        (index) => `layers.${stage}.${index}`,
        (layer) => readLayer(layer, config),
      ),
    ),
    cast: map.linear('final_cast', width, vocabularySize),
  } as Host<MagnetParams>;
}

function readPooling(map: WeightMap, { width, innerWidth, priors }: MagnetPoolingConfig): Host<PoolingParams> {
  const predictors = Object.keys(priors).map((script) => {
    const prefix = script === '' ? 'boundary_predictor' : `script_to_bp_layers.${script}`;
    const predictor = map.at(`${prefix}.boundary_predictor`);
    return [script, { inner: predictor.linear('0', width, innerWidth), logit: predictor.linear('2', innerWidth, 1) }];
  });
  return {
    predictors: Object.fromEntries(predictors) as Host<PoolingParams>['predictors'],
    nullGroup: map.tensor('null_group', [1, 1, width], { reshape: [width] }),
    norm: map.norm('down_ln', width),
  };
}

function readLayer(map: WeightMap, { width, innerWidth, heads, headWidth }: MagnetConfig): Host<RelativeLayerParams> {
  const attention = map.at('dec_attn');
  const forward = map.at('pos_ff');
  return {
    qkv: attention.linear('qkv_net', width, 3 * heads * headWidth),
    position: attention.linear('r_net', width, heads * headWidth),
    out: attention.linear('o_net', heads * headWidth, width),
    attentionNorm: attention.norm('layer_norm', width),
    inner: forward.linear('CoreNet.0', width, innerWidth),
    outer: forward.linear('CoreNet.3', innerWidth, width),
    norm: forward.norm('layer_norm', width),
  };
}
