import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { Conv2dParams, NormParams } from '@tesserae/core/nn';
import type { MaskgitVqganConfig } from './config';

/** `norm1, conv1, norm2, conv2`; `shortcut` (1x1, on the block's own output) where the channels change. */
export interface ResidualBlockParams {
  readonly norm1: NormParams;
  readonly conv1: Conv2dParams;
  readonly norm2: NormParams;
  readonly conv2: Conv2dParams;
  readonly shortcut?: Conv2dParams;
}

export interface EncoderParams {
  readonly convIn: Conv2dParams;
  readonly levels: readonly (readonly ResidualBlockParams[])[];
  readonly middle: readonly ResidualBlockParams[];
  readonly normOut: NormParams;
  readonly convOut: Conv2dParams;
}

/** `levels` from the highest resolution (index 0) to the lowest, as the official keys count. */
export interface PixelDecoderParams {
  readonly convIn: Conv2dParams;
  readonly middle: readonly ResidualBlockParams[];
  readonly levels: readonly { readonly blocks: readonly ResidualBlockParams[]; readonly upsample?: Conv2dParams }[];
  readonly normOut: NormParams;
  readonly convOut: Conv2dParams;
}

export interface MaskgitVqganParams {
  readonly encoder: EncoderParams;
  readonly decoder: PixelDecoderParams;
  /** `[codes, latentChannels]`. */
  readonly codebook: tf.Tensor2D;
}

export function readWeights(map: WeightMap, config: MaskgitVqganConfig): Host<MaskgitVqganParams> {
  map.ignore('loss');
  return {
    encoder: readEncoder(map.at('encoder'), config),
    decoder: readPixelDecoder(map.at('decoder'), config),
    codebook: map.codebook('quantize.embedding.weight', config.codebookSize, config.latentChannels),
  };
}

function readEncoder(map: WeightMap, config: MaskgitVqganConfig): Host<EncoderParams> {
  const { channels, hiddenChannels, channelMultipliers, residualBlocks, latentChannels } = config;
  const widths = channelMultipliers.map((multiplier) => hiddenChannels * multiplier);
  const last = widths.at(-1)!;
  return {
    convIn: map.conv2d('conv_in', channels, hiddenChannels, 3, { bias: false }),
    levels: widths.map((width, level) =>
      readBlocks(map.at(`down.${level}`), widths[level - 1] ?? hiddenChannels, width, residualBlocks),
    ),
    middle: map.list(
      residualBlocks,
      (index) => `mid.${index}`,
      (block) => readBlock(block, last, last),
    ),
    normOut: map.norm('norm_out', last),
    convOut: map.conv2d('conv_out', last, latentChannels, 1),
  };
}

/** Below `decoder.` of the VQGAN's own file, and below `pixel_decoder.` of TiTok and One-D-Piece. */
export function readPixelDecoder(map: WeightMap, config: MaskgitVqganConfig): Host<PixelDecoderParams> {
  const { channels, hiddenChannels, channelMultipliers, residualBlocks, latentChannels } = config;
  const widths = channelMultipliers.map((multiplier) => hiddenChannels * multiplier);
  const last = widths.at(-1)!;
  return {
    convIn: map.conv2d('conv_in', latentChannels, last, 3),
    middle: map.list(
      residualBlocks,
      (index) => `mid.${index}`,
      (block) => readBlock(block, last, last),
    ),
    levels: widths.map((width, level) => ({
      blocks: readBlocks(map.at(`up.${level}`), widths[level + 1] ?? last, width, residualBlocks),
      ...(level > 0 && { upsample: map.at(`up.${level}`).conv2d('upsample_conv', width, width, 3) }),
    })),
    normOut: map.norm('norm_out', widths[0]!),
    convOut: map.conv2d('conv_out', widths[0]!, channels, 3),
  };
}

function readBlocks(map: WeightMap, from: number, to: number, count: number): readonly Host<ResidualBlockParams>[] {
  return map.list(
    count,
    (index) => `block.${index}`,
    (block, index) => readBlock(block, index === 0 ? from : to, to),
  );
}

function readBlock(map: WeightMap, from: number, to: number): Host<ResidualBlockParams> {
  return {
    norm1: map.norm('norm1', from),
    conv1: map.conv2d('conv1', from, to, 3, { bias: false }),
    norm2: map.norm('norm2', to),
    conv2: map.conv2d('conv2', to, to, 3, { bias: false }),
    ...(from !== to && { shortcut: map.conv2d('nin_shortcut', to, to, 1, { bias: false }) }),
  };
}
