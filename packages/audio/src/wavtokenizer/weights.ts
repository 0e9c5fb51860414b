import type * as tf from '@tensorflow/tfjs-core';
import { type Checkpoint, type Host, renameKeys, unwrapCheckpoint, type WeightMap } from '@tesserae/core';
import type { Conv1dParams, DepthwiseConv1dParams, LinearParams, NormParams } from '@tesserae/core/nn';
import { officialSeanetKey } from '../seanet/port-keys';
import { readSeanetEncoder, type SeanetEncoderParams } from '../seanet/weights';
import type { BackboneConfig, HeadConfig, WavtokenizerConfig } from './config';

/** A layer norm, whose scale and offset a condition chooses where it is adaptive: `[conditions, width]` each. */
export type ConditionedNormParams = NormParams | { readonly scales: tf.Tensor2D; readonly offsets: tf.Tensor2D };

/** Two normalized convolutions of three steps and the input, added. */
export interface ResnetParams {
  readonly norm1: NormParams;
  readonly conv1: Conv1dParams;
  readonly norm2: NormParams;
  readonly conv2: Conv1dParams;
}

/** One head over all frames. */
export interface AttentionParams {
  readonly norm: NormParams;
  readonly query: LinearParams;
  readonly key: LinearParams;
  readonly value: LinearParams;
  readonly out: LinearParams;
}

export interface ConvNextParams {
  readonly depthwise: DepthwiseConv1dParams;
  readonly norm: ConditionedNormParams;
  readonly wide: LinearParams;
  readonly narrow: LinearParams;
  /** `[width]`. */
  readonly gamma: tf.Tensor1D;
}

export interface BackboneParams {
  readonly embed: Conv1dParams;
  /** Before and after the attention. */
  readonly before: readonly ResnetParams[];
  readonly attention: AttentionParams;
  readonly after: readonly ResnetParams[];
  readonly groupNorm: NormParams;
  readonly norm: ConditionedNormParams;
  readonly blocks: readonly ConvNextParams[];
  readonly normOut: NormParams;
}

export interface HeadParams {
  /** To log-magnitudes and phases. */
  readonly out: LinearParams;
}

export interface WavtokenizerParams {
  readonly encoder: SeanetEncoderParams;
  /** `[codebookSize, dimension]`. */
  readonly codebook: tf.Tensor2D;
  readonly backbone: BackboneParams;
  readonly head: HeadParams;
}

const encodec = 'feature_extractor.encodec';
const codebookKey = `${encodec}.quantizer.vq.layers.0._codebook`;

/** Official keys, as the Lightning files have them below `state_dict`. */
export function readWeights(map: WeightMap, config: WavtokenizerConfig): Host<WavtokenizerParams> {
  // The SEANet decoder is not used, the rest are statistics of training.
  map.ignore(`${encodec}.decoder`, ...['inited', 'cluster_size', 'embed_avg'].map((name) => `${codebookKey}.${name}`));
  return {
    encoder: readSeanetEncoder(map.at(`${encodec}.encoder`), config.encoder),
    codebook: map.codebook(`${codebookKey}.embed`, config.codebookSize, config.encoder.dimension),
    backbone: readBackbone(map.at('backbone'), config.backbone),
    head: readHead(map.at('head'), config.head),
  } as Host<WavtokenizerParams>;
}

/** @param map - Below `backbone.`. */
export function readBackbone(
  map: WeightMap,
  { inputs, width, hiddenWidth, layers, conditions }: BackboneConfig,
): Host<BackboneParams> {
  const resnet = (index: number) => readResnet(map.at(`pos_net.${index}`), width);
  return {
    embed: map.conv1d('embed', inputs, width, 7),
    before: [resnet(0), resnet(1)],
    attention: readAttention(map.at('pos_net.2'), width),
    after: [resnet(3), resnet(4)],
    groupNorm: map.norm('pos_net.5', width),
    norm: readNorm(map, width, conditions),
    blocks: readConvNextBlocks(map, width, hiddenWidth, layers, conditions),
    normOut: map.norm('final_layer_norm', width),
  } as Host<BackboneParams>;
}

/**
 * Vocos' ConvNeXt blocks `convnext.{i}`.
 *
 * @param conditions - Of adaptive norms; 0 for plain ones.
 */
export function readConvNextBlocks(
  map: WeightMap,
  width: number,
  hiddenWidth: number,
  layers: number,
  conditions = 0,
): readonly Host<ConvNextParams>[] {
  return map.list(
    layers,
    (index) => `convnext.${index}`,
    (block) =>
      ({
        depthwise: {
          kernel: block.tensor('dwconv.weight', [width, 1, 7], {
            reshape: [width, 7],
            permute: [1, 0],
            role: 'kernel',
          }),
          bias: block.tensor('dwconv.bias', [width], { role: 'bias' }),
        },
        norm: readNorm(block, width, conditions),
        wide: block.linear('pwconv1', width, hiddenWidth),
        narrow: block.linear('pwconv2', hiddenWidth, width),
        gamma: block.tensor('gamma', [width], { role: 'scale' }),
      }) as Host<ConvNextParams>,
  );
}

/** @param map - Below `head.`. */
export function readHead(
  map: WeightMap,
  { inputs, fftLength }: Pick<HeadConfig, 'inputs' | 'fftLength'>,
): Host<HeadParams> {
  // The window is always Hann's.
  map.ignore('istft');
  return { out: map.linear('out', inputs, fftLength + 2) };
}

function readResnet(map: WeightMap, width: number): Host<ResnetParams> {
  return {
    norm1: map.norm('norm1', width),
    conv1: map.conv1d('conv1', width, width, 3),
    norm2: map.norm('norm2', width),
    conv2: map.conv1d('conv2', width, width, 3),
  };
}

function readAttention(map: WeightMap, width: number): Host<AttentionParams> {
  const layer = (key: string) => map.linear(key, width, width, { pointwise: 1 });
  return {
    norm: map.norm('norm', width),
    query: layer('q'),
    key: layer('k'),
    value: layer('v'),
    out: layer('proj_out'),
  };
}

function readNorm(map: WeightMap, width: number, conditions: number): Host<ConditionedNormParams> {
  if (conditions === 0) return map.norm('norm', width);
  return {
    scales: map.tensor('norm.scale.weight', [conditions, width], { role: 'scale' }),
    offsets: map.tensor('norm.shift.weight', [conditions, width], { role: 'bias' }),
  } as Host<ConditionedNormParams>;
}

const used = ['feature_extractor.', 'backbone.', 'head.'];

/**
 * Finds the state dict of a Lightning file and leaves out everything that is not of the tokenizer (discriminators,
 * losses), as the official loader does; gives the keys of the transformers port their official names.
 */
export function unwrap(checkpoint: Checkpoint): Checkpoint {
  const inner = unwrapCheckpoint(checkpoint);
  const named = inner.keys().map((key) => [officialKey(key), key] as const);
  return renameKeys(inner, new Map(named.filter(([key]) => used.some((prefix) => key.startsWith(prefix)))));
}

/** `encoder.layers.3.conv.bias` to `feature_extractor.encodec.encoder.model.3.conv.conv.bias`. */
function officialKey(key: string): string {
  const codebook = /^quantizer\.(?:layers\.0\.)?codebook\.(.*)$/.exec(key);
  if (codebook) return `${codebookKey}.${codebook[1]}`;
  if (key.startsWith('encoder.layers.')) {
    return `${encodec}.encoder.${officialSeanetKey(key.slice('encoder.'.length))}`;
  }
  return key.replace(/^head\.linear\./, 'head.out.');
}
