import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { LinearParams, NormParams } from '@tesserae/core/nn';
import { type BertLayerParams, readBertLayers } from '../bert/weights';
import type { ZettConfig } from './config';

/** Two layers with a residual and a norm behind it. */
export interface ProjectorParams {
  readonly dense1: LinearParams;
  readonly dense2: LinearParams;
  readonly norm: NormParams;
}

/** `w · x + b`, `[1, features]` each. */
export interface RescalerParams {
  readonly scale: tf.Tensor2D;
  readonly offset: tf.Tensor2D;
}

/** A projector and the linear map behind it. */
export interface HeadParams {
  readonly projector: ProjectorParams;
  readonly out: LinearParams;
}

export interface ZettParams {
  /** `[extra tokens, source width]`. */
  readonly fallback: tf.Tensor2D;
  readonly inputIn: LinearParams;
  readonly inputProjector: ProjectorParams;
  /** `[languages, width]`. */
  readonly languages?: tf.Tensor2D;
  /** `[positions, width]`. */
  readonly positions: tf.Tensor2D;
  /** `[1, width]`. */
  readonly types: tf.Tensor2D;
  readonly embeddingNorm: NormParams;
  readonly layers: readonly BertLayerParams[];
  readonly head: HeadParams;
  readonly outputHead?: HeadParams;
  readonly inScaler?: RescalerParams;
  readonly scaler?: RescalerParams;
  readonly outScaler?: RescalerParams;
  readonly bias?: LinearParams;
}

export function readWeights(map: WeightMap, config: ZettConfig): Host<ZettParams> {
  const { width, embeddingWidth, hasOutputEmbeddings, hasSingleHead } = config;
  const sourceWidth = embeddingWidth * (hasOutputEmbeddings ? 2 : 1);
  const model = map.at('model');
  const embeddings = model.at('embeddings');
  // Never used: the embeddings that go in come from the source model.
  map.ignore('model.embeddings.word_embeddings', 'model.embeddings.position_ids', 'model.embeddings.token_type_ids');
  const scaler = (name: string, features: number) => ({
    scale: map.tensor(`${name}.w`, [1, features], { role: 'scale' }),
    offset: map.tensor(`${name}.b`, [1, features], { role: 'bias' }),
  });
  const hasOutputHead = hasOutputEmbeddings && !hasSingleHead;
  return {
    fallback: map.tensor('fallback_embeddings.weight', [config.extraTokens, sourceWidth], { role: 'embedding' }),
    inputIn: map.linear('input_projection.0', sourceWidth, width),
    inputProjector: readProjector(map.at('input_projection.1'), config),
    ...(config.languages > 0 && {
      languages: map.tensor('lang_embeddings.weight', [config.languages, width], { role: 'embedding' }),
    }),
    positions: embeddings.tensor('position_embeddings.weight', [config.positions, width], { role: 'embedding' }),
    types: embeddings.tensor('token_type_embeddings.weight', [1, width], { role: 'embedding' }),
    embeddingNorm: embeddings.norm('LayerNorm', width),
    layers: readBertLayers(model.at('encoder'), config),
    head: readHead(map.at('output_projection'), config, hasSingleHead ? sourceWidth : embeddingWidth),
    ...(hasOutputHead && { outputHead: readHead(map.at('output_projection_out'), config, embeddingWidth) }),
    ...(config.isRescaled && {
      inScaler: scaler('in_scaler', sourceWidth),
      scaler: scaler('scaler', embeddingWidth),
      ...(hasOutputEmbeddings && { outScaler: scaler('out_scaler', embeddingWidth) }),
    }),
    ...(config.predictsBias && { bias: map.linear('bias_projection', width, 1) }),
  } as Host<ZettParams>;
}

function readHead(map: WeightMap, config: ZettConfig, features: number): Host<HeadParams> {
  return { projector: readProjector(map.at('0'), config), out: map.linear('1', config.width, features) };
}

function readProjector(map: WeightMap, { width, innerWidth }: ZettConfig): Host<ProjectorParams> {
  return {
    dense1: map.linear('dense1', width, innerWidth),
    dense2: map.linear('dense2', innerWidth, width),
    norm: map.norm('ln', width),
  };
}
