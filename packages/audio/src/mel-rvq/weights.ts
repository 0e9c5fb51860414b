import type { Host, WeightMap } from '@tesserae/core';
import {
  type Conv1dParams,
  type LinearParams,
  type NormParams,
  residualEncodecQuantizer,
  type ResidualEncodecConfig,
  type ResidualEncodecParams,
} from '@tesserae/core/nn';
import { type ConvNextParams, type HeadParams, readConvNextBlocks, readHead } from '../wavtokenizer/weights';
import type { MelRvqConfig } from './config';

export interface EncoderParams {
  readonly embed: Conv1dParams;
  readonly norm: NormParams;
  readonly blocks: readonly ConvNextParams[];
  readonly normOut: NormParams;
  readonly out: LinearParams;
}

export interface DecoderParams {
  readonly embed: Conv1dParams;
  readonly norm: NormParams;
  /** From a token to its spectra. */
  readonly up: LinearParams;
  readonly blocks: readonly ConvNextParams[];
  readonly normOut: NormParams;
  readonly head: HeadParams;
}

export interface MelRvqParams {
  readonly encoder: EncoderParams;
  readonly quantizer: ResidualEncodecParams;
  readonly decoder: DecoderParams;
}

/** Keys as Vocos has them, below `encoder` and `decoder`; codebooks as EnCodec has them, below `quantizer`. */
export function readWeights(map: WeightMap, config: MelRvqConfig): Host<MelRvqParams> {
  return {
    ...readNetwork(map, config),
    quantizer: residualEncodecQuantizer.weights(map.at('quantizer'), quantizerConfig(config)),
  };
}

/** What gradients move: all but the codebooks. */
export function readNetwork(map: WeightMap, config: MelRvqConfig): Host<Omit<MelRvqParams, 'quantizer'>> {
  const { mels, spectraPerToken, encoderWidth, encoderLayers, decoderWidth, decoderLayers, codeWidth } = config;
  const { expansion, fftLength } = config;
  const [encoder, decoder] = [map.at('encoder'), map.at('decoder')];
  return {
    encoder: {
      embed: encoder.conv1d('embed', mels * spectraPerToken, encoderWidth, 3),
      norm: encoder.norm('norm', encoderWidth),
      blocks: readConvNextBlocks(encoder, encoderWidth, encoderWidth * expansion, encoderLayers),
      normOut: encoder.norm('final_layer_norm', encoderWidth),
      out: encoder.linear('out', encoderWidth, codeWidth),
    },
    decoder: {
      embed: decoder.conv1d('embed', codeWidth, decoderWidth, 3),
      norm: decoder.norm('norm', decoderWidth),
      up: decoder.linear('up', decoderWidth, decoderWidth * spectraPerToken),
      blocks: readConvNextBlocks(decoder, decoderWidth, decoderWidth * expansion, decoderLayers),
      normOut: decoder.norm('final_layer_norm', decoderWidth),
      head: readHead(decoder.at('head'), { inputs: decoderWidth, fftLength }),
    },
  };
}

/** @param used - Codebooks; default all. */
export function quantizerConfig(
  { codebooks, codebookSize, codeWidth }: MelRvqConfig,
  used = codebooks,
): ResidualEncodecConfig {
  const config = residualEncodecQuantizer.parseConfig({
    dim: codeWidth,
    num_quantizers: codebooks,
    codebook_size: codebookSize,
  });
  return { ...config, usedLayers: used };
}
