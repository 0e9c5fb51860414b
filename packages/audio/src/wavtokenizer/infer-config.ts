import type { Checkpoint } from '@tesserae/core';
import { hopLength, seanetDefaults, type SeanetConfig } from '../seanet/config';
import type { WavtokenizerConfig } from './config';

const encoder = 'feature_extractor.encodec.encoder.model';
const codebook = 'feature_extractor.encodec.quantizer.vq.layers.0._codebook.embed';

/**
 * The configuration that the shapes of the tensors speak of: the official files carry none, and their YAML cannot say
 * how wide the encoder is.
 *
 * @param checkpoint - Under official keys.
 * @param given - A configuration beside the file, for what shapes do not show: rate and padding of the head.
 * @returns Undefined where the tensors are not those of a WavTokenizer.
 */
export function inferConfig(checkpoint: Checkpoint, given?: WavtokenizerConfig): WavtokenizerConfig | undefined {
  const shapeOf = (key: string) => (checkpoint.has(key) ? checkpoint.shape(key) : undefined);
  const [codebookSize, dimension] = shapeOf(codebook) ?? [];
  const [width, inputs] = shapeOf('backbone.embed.weight') ?? [];
  const [hiddenWidth] = shapeOf('backbone.convnext.0.pwconv1.weight') ?? [];
  const [rows, headInputs] = shapeOf('head.out.weight') ?? [];
  const seanet = inferEncoder(checkpoint, dimension);
  if (!seanet || !codebookSize || !width || !inputs || !hiddenWidth || !rows || !headInputs) return undefined;
  const hop = hopLength(seanet);
  return {
    sampleRate: given?.sampleRate ?? 24_000,
    encoder: seanet,
    codebookSize,
    backbone: {
      inputs,
      width,
      hiddenWidth,
      layers: highest(checkpoint, /^backbone\.convnext\.(\d+)\./) + 1,
      conditions: shapeOf('backbone.norm.scale.weight')?.[0] ?? 0,
    },
    head: { inputs: headInputs, fftLength: rows - 2, hopLength: hop, padding: given?.head.padding ?? 'same' },
  };
}

/** Strided convolutions double the channels, and are twice as long as their stride. */
function inferEncoder(checkpoint: Checkpoint, dimension: number | undefined): SeanetConfig | undefined {
  const kernelOf = (key: string) =>
    ['weight_v', 'parametrizations.weight.original1', 'weight']
      .map((name) => `${key}.conv.conv.${name}`)
      .flatMap((name) => (checkpoint.has(name) ? [checkpoint.shape(name)] : []))[0];
  const last = highest(checkpoint, new RegExp(`^${encoder.replaceAll('.', '\\.')}\\.(\\d+)\\.`));
  const kernels = Array.from({ length: last + 1 }, (_, index) => kernelOf(`${encoder}.${index}`));
  const first = kernels[0];
  const final = kernels[last];
  if (!first || !final || dimension === undefined) return undefined;
  const down = kernels.slice(1, last).flatMap((kernel) => (kernel ? [kernel] : []));
  const blocks = checkpoint.keys().filter((key) => key.startsWith(encoder) && key.endsWith('.block.1.conv.conv.bias'));
  const lstmLayers = highest(checkpoint, /\.lstm\.weight_ih_l(\d+)$/) + 1;
  return {
    ...seanetDefaults,
    dimension,
    filters: first[0]!,
    kernelSize: first[2]!,
    lastKernelSize: final[2]!,
    ratios: down.map((kernel) => kernel[2]! / 2).toReversed(),
    residualLayers: down.length === 0 ? 1 : blocks.length / down.length,
    lstmLayers,
  };
}

/** The largest number that stands at a place of the keys; -1 where there is none. */
function highest(checkpoint: Checkpoint, place: RegExp): number {
  return Math.max(-1, ...checkpoint.keys().map((key) => Number(place.exec(key)?.[1] ?? -1)));
}
