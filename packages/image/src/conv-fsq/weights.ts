import type { Host, WeightMap } from '@tesserae/core';
import type { Conv2dParams } from '@tesserae/core/nn';
import { downsampling, type ConvFsqConfig } from './config';

/** `x + conv2(silu(conv1(silu(x))))`. */
export interface ResidualBlockParams {
  readonly conv1: Conv2dParams;
  readonly conv2: Conv2dParams;
}

export interface EncoderParams {
  readonly convIn: Conv2dParams;
  readonly outer: readonly ResidualBlockParams[];
  readonly down: Conv2dParams;
  readonly inner: readonly ResidualBlockParams[];
  readonly convOut: Conv2dParams;
}

export interface DecoderParams {
  readonly convIn: Conv2dParams;
  readonly inner: readonly ResidualBlockParams[];
  readonly up: Conv2dParams;
  readonly outer: readonly ResidualBlockParams[];
  readonly convOut: Conv2dParams;
}

export interface ConvFsqParams {
  readonly encoder: EncoderParams;
  readonly decoder: DecoderParams;
}

export function readWeights(map: WeightMap, config: ConvFsqConfig): Host<ConvFsqParams> {
  const { patchSize, outerChannels, outerBlocks, innerChannels, innerBlocks, levels } = config;
  const pixels = 3 * patchSize ** 2;
  const [encoder, decoder] = [map.at('encoder'), map.at('decoder')];
  return {
    encoder: {
      convIn: encoder.conv2d('conv_in', pixels, outerChannels, 3),
      outer: readBlocks(encoder, 'outer', outerChannels, outerBlocks),
      down: encoder.conv2d('down', outerChannels, innerChannels, 2),
      inner: readBlocks(encoder, 'inner', innerChannels, innerBlocks),
      convOut: encoder.conv2d('conv_out', innerChannels, levels.length, 1),
    },
    decoder: {
      convIn: decoder.conv2d('conv_in', levels.length, innerChannels, 3),
      inner: readBlocks(decoder, 'inner', innerChannels, innerBlocks),
      up: decoder.conv2d('up', innerChannels, outerChannels * (downsampling(config) / patchSize) ** 2, 1),
      outer: readBlocks(decoder, 'outer', outerChannels, outerBlocks),
      convOut: decoder.conv2d('conv_out', outerChannels, pixels, 3),
    },
  };
}

function readBlocks(
  map: WeightMap,
  name: string,
  channels: number,
  count: number,
): readonly Host<ResidualBlockParams>[] {
  return map.list(
    count,
    (index) => `${name}.${index}`,
    (block) => ({
      conv1: block.conv2d('conv1', channels, channels, 3),
      conv2: block.conv2d('conv2', channels, channels, 3),
    }),
  );
}
