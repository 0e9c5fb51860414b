import type { Host, WeightMap } from '@tesserae/core';
import type { Conv1dParams, ConvTranspose1dParams, LstmLayerParams, NormParams } from '@tesserae/core/nn';
import type { SeanetConfig } from './config';

/** A convolution and, for `time_group_norm`, the norm behind it. */
export interface SeanetConvParams {
  readonly conv: Conv1dParams;
  readonly norm?: NormParams;
}

export interface SeanetUpParams {
  readonly conv: ConvTranspose1dParams;
  readonly norm?: NormParams;
}

export interface SeanetBlockParams {
  readonly wide: SeanetConvParams;
  readonly point: SeanetConvParams;
  /** Absent with `trueSkip`. */
  readonly shortcut?: SeanetConvParams;
}

export interface SeanetEncoderParams {
  readonly convIn: SeanetConvParams;
  readonly stages: readonly { readonly blocks: readonly SeanetBlockParams[]; readonly down: SeanetConvParams }[];
  /** Empty without LSTM. */
  readonly lstm: readonly LstmLayerParams[];
  readonly convOut: SeanetConvParams;
}

export interface SeanetDecoderParams {
  readonly convIn: SeanetConvParams;
  readonly lstm: readonly LstmLayerParams[];
  readonly stages: readonly { readonly up: SeanetUpParams; readonly blocks: readonly SeanetBlockParams[] }[];
  readonly convOut: SeanetConvParams;
}

/**
 * `SEANetEncoder`: `model.{index}` counts convolutions, blocks, activations and the LSTM in one list.
 *
 * @param map - Below `encoder.`.
 */
export function readSeanetEncoder(map: WeightMap, config: SeanetConfig): Host<SeanetEncoderParams> {
  const { channels, dimension, filters, kernelSize, lastKernelSize, residualLayers, lstmLayers } = config;
  const ratios = config.ratios.toReversed();
  const next = counter();
  const convIn = readConv(map.at(`model.${next()}`), config, channels, filters, kernelSize);
  const stages = ratios.map((ratio, stage) => {
    const width = filters * 2 ** stage;
    const blocks = Array.from({ length: residualLayers }, () => readBlock(map.at(`model.${next()}`), config, width));
    next();
    return { blocks, down: readConv(map.at(`model.${next()}`), config, width, width * 2, ratio * 2) };
  });
  const width = filters * 2 ** ratios.length;
  const lstm = lstmLayers === 0 ? [] : map.lstm(`model.${next()}.lstm`, width, width, lstmLayers);
  next();
  return {
    convIn,
    stages,
    lstm,
    convOut: readConv(map.at(`model.${next()}`), config, width, dimension, lastKernelSize),
  };
}

/**
 * `SEANetDecoder`.
 *
 * @param map - Below `decoder.`.
 */
export function readSeanetDecoder(map: WeightMap, config: SeanetConfig): Host<SeanetDecoderParams> {
  const { channels, dimension, filters, ratios, kernelSize, lastKernelSize, residualLayers, lstmLayers } = config;
  const next = counter();
  const widest = filters * 2 ** ratios.length;
  const convIn = readConv(map.at(`model.${next()}`), config, dimension, widest, kernelSize);
  const lstm = lstmLayers === 0 ? [] : map.lstm(`model.${next()}.lstm`, widest, widest, lstmLayers);
  const stages = ratios.map((ratio, stage) => {
    const width = widest / 2 ** stage;
    next();
    const up = readUp(map.at(`model.${next()}.convtr`), config, width, width / 2, ratio * 2);
    const blocks = Array.from({ length: residualLayers }, () =>
      readBlock(map.at(`model.${next()}`), config, width / 2),
    );
    return { up, blocks };
  });
  next();
  return {
    convIn,
    lstm,
    stages,
    convOut: readConv(map.at(`model.${next()}`), config, filters, channels, lastKernelSize),
  };
}

function readBlock(map: WeightMap, config: SeanetConfig, width: number): Host<SeanetBlockParams> {
  const hidden = Math.floor(width / config.compress);
  return {
    wide: readConv(map.at('block.1'), config, width, hidden, config.residualKernelSize),
    point: readConv(map.at('block.3'), config, hidden, width, 1),
    ...(!config.trueSkip && { shortcut: readConv(map.at('shortcut'), config, width, width, 1) }),
  };
}

function readConv(
  map: WeightMap,
  { norm }: SeanetConfig,
  inputs: number,
  outputs: number,
  kernelSize: number,
): Host<SeanetConvParams> {
  const inner = map.at('conv');
  return {
    conv: inner.conv1d('conv', inputs, outputs, kernelSize, { weightNorm: norm === 'weight_norm' }),
    ...(norm === 'time_group_norm' && { norm: inner.norm('norm', outputs) }),
  };
}

function readUp(
  map: WeightMap,
  { norm }: SeanetConfig,
  inputs: number,
  outputs: number,
  kernelSize: number,
): Host<SeanetUpParams> {
  return {
    conv: map.convTranspose1d('convtr', inputs, outputs, kernelSize, { weightNorm: norm === 'weight_norm' }),
    ...(norm === 'time_group_norm' && { norm: map.norm('norm', outputs) }),
  };
}

/** 0, 1, 2, … at each call. */
function counter(): () => number {
  let count = 0;
  return () => count++;
}
