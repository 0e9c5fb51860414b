import type * as tf from '@tensorflow/tfjs-core';
import { type Checkpoint, type Host, renameKeys, unwrapCheckpoint, type WeightMap } from '@tesserae/core';
import {
  type Conv1dParams,
  type ResidualFactorizedConfig,
  residualFactorizedQuantizer,
  type ResidualFactorizedParams,
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
import type { DacConfig } from './config';
import { officialDacKey } from './port-keys';

export interface DacEncoderParams {
  readonly convIn: Conv1dParams;
  readonly stages: readonly SnakeDownParams[];
  /** `[width]`. */
  readonly alpha: tf.Tensor1D;
  /** Three taps. */
  readonly convOut: Conv1dParams;
}

export interface DacDecoderParams {
  readonly convIn: Conv1dParams;
  readonly stages: readonly SnakeUpParams[];
  /** `[width]`. */
  readonly alpha: tf.Tensor1D;
  readonly convOut: Conv1dParams;
}

export interface DacParams {
  readonly encoder: DacEncoderParams;
  readonly quantizer: ResidualFactorizedParams;
  readonly decoder: DacDecoderParams;
}

/** Taps of the convolution in front of the quantizer. */
export const latentKernel = 3;

/** Official keys, as the files have them below `state_dict`. */
export function readWeights(map: WeightMap, config: DacConfig): Host<DacParams> {
  return {
    encoder: readEncoder(map.at('encoder.block'), config),
    quantizer: residualFactorizedQuantizer.weights(map.at('quantizer'), quantizerConfig(config)),
    decoder: readDecoder(map.at('decoder.model'), config),
  };
}

/** What the quantizer of the core takes. */
export function quantizerConfig({ network, codebookSize, codeWidths }: DacConfig): ResidualFactorizedConfig {
  const layers = codeWidths.map((codeDim) => ({ dim: network.latentWidth, codes: codebookSize, codeDim }));
  return { layers, quantizerDropout: 0 };
}

function readEncoder(map: WeightMap, { network }: DacConfig): Host<DacEncoderParams> {
  const { encoderWidth, encoderRates, latentWidth } = network;
  const last = encoderRates.length + 1;
  const width = encoderWidth * 2 ** encoderRates.length;
  return {
    convIn: readConv(map, '0', 1, encoderWidth, unitKernel),
    stages: encoderRates.map((rate, stage) => readDown(map.at(`${stage + 1}`), encoderWidth * 2 ** stage, rate, 1)),
    alpha: readAlpha(map, `${last}`, width),
    convOut: readConv(map, `${last + 1}`, width, latentWidth, latentKernel),
  } as Host<DacEncoderParams>;
}

function readDecoder(map: WeightMap, { network }: DacConfig): Host<DacDecoderParams> {
  const { decoderWidth, decoderRates, latentWidth } = network;
  const last = decoderRates.length + 1;
  const width = upWidths(decoderWidth, last - 1).inputs;
  return {
    convIn: readConv(map, '0', latentWidth, decoderWidth, unitKernel),
    stages: decoderRates.map((rate, stage) =>
      readUp(map.at(`${stage + 1}`), 2, upWidths(decoderWidth, stage), rate, 1),
    ),
    alpha: readAlpha(map, `${last}`, width),
    convOut: readConv(map, `${last + 1}`, width, 1, unitKernel),
  } as Host<DacDecoderParams>;
}

/** Finds the state dict, and gives the keys of the transformers port their official names. */
export function unwrap(checkpoint: Checkpoint): Checkpoint {
  const inner = unwrapCheckpoint(checkpoint);
  const keys = inner.keys();
  if (!keys.some((key) => key.startsWith('encoder.conv1.'))) return inner;
  const stages = (half: 'encoder' | 'decoder') =>
    Math.max(-1, ...keys.map((key) => Number(new RegExp(`^${half}\\.block\\.(\\d+)\\.`).exec(key)?.[1] ?? -1))) + 1;
  const counts = { encoder: stages('encoder'), decoder: stages('decoder') };
  return renameKeys(inner, new Map(keys.map((key) => [officialDacKey(key, counts), key])));
}
