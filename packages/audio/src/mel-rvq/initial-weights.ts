import { type HostTensor, type HostTensors, mulberry32 } from '@tesserae/core';
import { fillParameters, parameterShapes, parameterTree } from '@tesserae/core/train';
import type { MelRvqConfig } from './config';
import { type MelRvqParams, readNetwork, readWeights } from './weights';

/** Logarithm of the magnitudes that an untrained decoder gives: quiet speech. */
const firstLogMagnitude = -2;

/** Random values for all that gradients move: normal with variance 1 / fan-in; biases 0, scales 1. */
export function initialWeights(config: MelRvqConfig, seed: number): HostTensors {
  const shapes = parameterShapes(networkTree(config));
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape], index): [string, HostTensor] => {
      const count = shape.reduce((product, length) => product * length, 1);
      if (!name.endsWith('.kernel')) return [name, { shape, data: flat(name, count, config) }];
      // Kernels of single channels have no axis of inputs: `[steps, channels]`.
      const deviation = (name === 'decoder.head.out.kernel' ? 0.3 : 1) / Math.sqrt(count / shape.at(-1)!);
      const values = mulberry32(seed * 1000 + index).normal(count);
      return [name, { shape, data: values.map((value) => value * deviation) }];
    }),
  );
}

function flat(name: string, count: number, { encoderLayers, decoderLayers, fftLength }: MelRvqConfig): Float32Array {
  const data = new Float32Array(count);
  if (name.endsWith('.scale')) return data.fill(1);
  if (name.endsWith('.gamma')) return data.fill(1 / (name.startsWith('encoder.') ? encoderLayers : decoderLayers));
  return name === 'decoder.head.out.bias' ? data.fill(firstLogMagnitude, 0, fftLength / 2 + 1) : data;
}

/** Parameters of the network in their tree, without codebooks. */
export function networkOf<Values>(
  config: MelRvqConfig,
  flatParameters: Readonly<Record<string, Values>>,
): Omit<MelRvqParams, 'quantizer'> {
  return fillParameters(networkTree(config), flatParameters) as Omit<MelRvqParams, 'quantizer'>;
}

/** All weights in their tree, codebooks from the buffers of training. */
export function treeOf(config: MelRvqConfig, params: HostTensors, buffers: HostTensors): unknown {
  const codebooks = Array.from({ length: config.codebooks }, (_, layer) => [
    `quantizer.layers.${layer}.codebook`,
    buffers[`${layer}.codes`],
  ]);
  const declared = parameterTree((map) => readWeights(map, config));
  return fillParameters(declared, { ...params, ...Object.fromEntries(codebooks) });
}

function networkTree(config: MelRvqConfig): unknown {
  return parameterTree((map) => readNetwork(map, config));
}
