import * as tf from '@tensorflow/tfjs-core';
import { exportWeights, mulberry32, type HostTensor, type HostTensors, type Tensors } from '@tesserae/core';
import { fsqCodes, fsqDigits } from '@tesserae/core/nn';
import {
  adamW,
  cosineRate,
  fillParameters,
  initialState,
  muon,
  parameterShapes,
  parameterTree,
  partitionedOptimizer,
  roundStraightThrough,
  trainingStep,
  trainModel,
  writeSafetensors,
  type CosineSchedule,
  type Optimizer,
  type TrainingProgress,
  type TrainingState,
  type TrainModelOptions,
} from '@tesserae/core/train';
import { toOpponent } from './color';
import type { ConvFsqConfig } from './config';
import { quantizerOf } from './conv-fsq';
import { decodePixels } from './decoder';
import { encodePixels } from './encoder';
import { readWeights, type ConvFsqParams } from './weights';

/** Batches of a training run. */
export interface ConvFsqData {
  /** RGB in 0..1, `[B, H, W, 3]`, of the update with that number; the same number gives the same batch. */
  batch(step: number): Float32Array | Promise<Float32Array>;
  readonly batchSize: number;
  /** Side of the crops in pixels, divisible by the down-sampling. */
  readonly size: number;
}

export interface TrainConvFsqOptions extends Omit<TrainModelOptions, 'rate'> {
  /** Default: warm-up of 150 updates to 2e-3, cosine to 1 %. */
  readonly schedule?: Omit<CosineSchedule, 'steps'>;
  /** Of the initial weights. Default 0. */
  readonly seed?: number;
  /** Goes on from here. */
  readonly resume?: TrainingState;
}

/** Kernels that Muon moves; AdamW takes the first and the last, those beside the quantizer, and biases. */
const isInner = (name: string) => name.endsWith('.kernel') && !/\.(convIn|convOut)\.kernel$/.test(name);

function createOptimizer(): Optimizer {
  return partitionedOptimizer([adamW({ beta2: 0.95 }), muon()], (name) => (isInner(name) ? 1 : 0));
}

/** Trains the starter's network: yields after every update; `progress.state.params` goes to {@link exportConvFsq}. */
export async function* trainConvFsq(
  config: ConvFsqConfig,
  data: ConvFsqData,
  options: TrainConvFsqOptions,
): AsyncGenerator<TrainingProgress> {
  const { schedule = { rate: 2e-3, warmup: 150 }, seed = 0, resume, ...rest } = options;
  const tree = declared(config);
  const quantizer = quantizerOf(config);
  const optimizer = createOptimizer();
  const step = trainingStep({
    optimizer,
    losses(flat: Tensors, { image }) {
      const params = fillParameters(tree, flat) as ConvFsqParams;
      const z = encodePixels(image as tf.Tensor4D, params.encoder, config);
      const digits = fsqDigits(z, quantizer, { round: roundStraightThrough });
      const output = decodePixels(fsqCodes(digits, quantizer) as tf.Tensor4D, params.decoder, config);
      return { loss: tf.mean(tf.squaredDifference(output, toOpponent(image as tf.Tensor4D))) as tf.Scalar };
    },
  });
  const { batchSize, size } = data;
  const shape = [batchSize, size, size, 3];
  const batchOf = async (index: number): Promise<HostTensors> => ({ image: { shape, data: await data.batch(index) } });
  const start = resume ?? initialState(initialWeights(config, seed), optimizer);
  yield* trainModel(step, batchOf, start, {
    ...rest,
    rate: (done) => cosineRate({ ...schedule, steps: options.steps }, done),
  });
}

/** A safetensors file that `convFsq.fromPretrained` opens. */
export function exportConvFsq(config: ConvFsqConfig, params: HostTensors, dtype: 'F16' | 'F32' = 'F16'): Uint8Array {
  const values = fillParameters(declared(config), params);
  return writeSafetensors(
    exportWeights((map) => readWeights(map, config), values),
    { dtype, metadata: { format: 'pt' } },
  );
}

function declared(config: ConvFsqConfig): unknown {
  return parameterTree((map) => readWeights(map, config));
}

/** He-style: normal with variance gain² / fan-in; the second convolution of a residual block starts near zero. */
function initialWeights(config: ConvFsqConfig, seed: number): HostTensors {
  return Object.fromEntries(
    Object.entries(parameterShapes(declared(config))).map(([name, shape], index): [string, HostTensor] => {
      const count = shape.reduce((product, length) => product * length, 1);
      if (!name.endsWith('.kernel')) return [name, { shape, data: new Float32Array(count) }];
      const deviation = gainOf(name) / Math.sqrt(count / shape.at(-1)!);
      const values = mulberry32(seed * 1000 + index).normal(count);
      return [name, { shape, data: values.map((value) => value * deviation) }];
    }),
  );
}

function gainOf(name: string): number {
  if (name.endsWith('.conv1.kernel')) return Math.SQRT2;
  if (name.endsWith('.conv2.kernel')) return 0.1;
  return name === 'decoder.convOut.kernel' ? 0.3 : 1;
}
