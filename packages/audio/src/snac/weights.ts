import type * as tf from '@tensorflow/tfjs-core';
import { type Checkpoint, type Host, unwrapCheckpoint, type WeightMap } from '@tesserae/core';
import {
  type Conv1dParams,
  factorizedVectorQuantizer,
  type FactorizedVectorConfig,
  type FactorizedVectorParams,
  type LinearParams,
  type NormParams,
} from '@tesserae/core/nn';
import { unitKernel } from '../snake/config';
import {
  readAlpha,
  readConv,
  readDown,
  readUp,
  type SnakeDownParams,
  type SnakeUpParams,
  upWidths,
} from '../snake/weights';
import type { SnacConfig } from './config';

/** Attention of the frames of a window to each other (`LocalMHA`). */
export interface LocalAttentionParams {
  readonly norm: NormParams;
  /** `[width, 3 * width]`: queries, keys and values. */
  readonly qkv: LinearParams;
  readonly out: LinearParams;
}

export interface SnacEncoderParams {
  readonly convIn: Conv1dParams;
  readonly stages: readonly SnakeDownParams[];
  readonly attention?: LocalAttentionParams;
  readonly convOut: Conv1dParams;
}

export interface SnacStageParams extends SnakeUpParams {
  /** How loud noise is, by what it is added to; absent without noise. */
  readonly noise?: LinearParams;
}

export interface SnacDecoderParams {
  readonly convIn: Conv1dParams;
  /** One tap, from the width of latents; only where `convIn` treats every channel by itself. */
  readonly widen?: Conv1dParams;
  readonly attention?: LocalAttentionParams;
  readonly stages: readonly SnacStageParams[];
  /** `[width]`. */
  readonly alpha: tf.Tensor1D;
  readonly convOut: Conv1dParams;
}

export interface SnacParams {
  readonly encoder: SnacEncoderParams;
  readonly quantizers: readonly FactorizedVectorParams[];
  readonly decoder: SnacDecoderParams;
}

/** Official keys. */
export function readWeights(map: WeightMap, config: SnacConfig): Host<SnacParams> {
  return {
    encoder: readEncoder(map.at('encoder.block'), config),
    quantizers: map.list(
      config.strides.length,
      (index) => `quantizer.quantizers.${index}`,
      (level) => factorizedVectorQuantizer.weights(level, levelConfig(config)),
    ),
    decoder: readDecoder(map.at('decoder.model'), config),
  } as Host<SnacParams>;
}

/** What the quantizer of the core takes for each level. */
export function levelConfig({ network, codebookSize, codeWidth }: SnacConfig): FactorizedVectorConfig {
  return { dim: network.latentWidth, codes: codebookSize, codeDim: codeWidth };
}

function readEncoder(map: WeightMap, { network, attentionWindow, depthwise }: SnacConfig): Host<SnacEncoderParams> {
  const { encoderWidth, encoderRates, latentWidth } = network;
  const groupsOf = (width: number) => (depthwise ? width : 1);
  let next = encoderRates.length + 1;
  const attention = attentionWindow === null ? {} : { attention: readAttention(map.at(`${next++}`), latentWidth) };
  return {
    convIn: readConv(map, '0', 1, encoderWidth, unitKernel),
    stages: encoderRates.map((rate, stage) => {
      const width = encoderWidth * 2 ** stage;
      return readDown(map.at(`${stage + 1}`), width, rate, groupsOf(width));
    }),
    ...attention,
    convOut: readConv(map, `${next}`, latentWidth, latentWidth, unitKernel, groupsOf(latentWidth)),
  } as Host<SnacEncoderParams>;
}

function readDecoder(map: WeightMap, config: SnacConfig): Host<SnacDecoderParams> {
  const { attentionWindow, depthwise, noise, network } = config;
  const { decoderWidth, decoderRates, latentWidth } = network;
  let next = 0;
  const here = () => `${next++}`;
  const first = depthwise
    ? {
        convIn: readConv(map, here(), latentWidth, latentWidth, unitKernel, latentWidth),
        widen: readConv(map, here(), latentWidth, decoderWidth, 1),
      }
    : { convIn: readConv(map, here(), latentWidth, decoderWidth, unitKernel) };
  const attention = attentionWindow === null ? {} : { attention: readAttention(map.at(here()), decoderWidth) };
  const stages = decoderRates.map((rate, stage) => {
    const own = map.at(here());
    const widths = upWidths(decoderWidth, stage);
    const { outputs } = widths;
    return {
      ...readUp(own, noise ? 3 : 2, widths, rate, depthwise ? outputs : 1),
      ...(noise && {
        noise: own.linear('block.2.linear', outputs, outputs, { pointwise: 1, weightNorm: true, bias: false }),
      }),
    };
  });
  const width = upWidths(decoderWidth, decoderRates.length).inputs;
  return {
    ...first,
    ...attention,
    stages,
    alpha: readAlpha(map, here(), width),
    convOut: readConv(map, here(), width, 1, unitKernel),
  } as Host<SnacDecoderParams>;
}

function readAttention(map: WeightMap, width: number): Host<LocalAttentionParams> {
  // Follows from the width of a head.
  map.ignore('rel_pos');
  return {
    norm: map.norm('norm', width),
    qkv: map.linear('to_qkv', width, 3 * width, { bias: false }),
    out: map.linear('to_out', width, width, { bias: false }),
  };
}

/** Finds the state dict. */
export function unwrap(checkpoint: Checkpoint): Checkpoint {
  return unwrapCheckpoint(checkpoint);
}
