import * as tf from '@tensorflow/tfjs-core';
import {
  type Engine,
  exportWeights,
  type HostTensor,
  type HostTensors,
  modelFunction,
  mulberry32,
  type Tensors,
} from '@tesserae/core';
import {
  adamW,
  cosineRate,
  type CosineSchedule,
  initialState,
  muon,
  type Optimizer,
  partitionedOptimizer,
  type TrainingBuffers,
  type TrainingProgress,
  type TrainingState,
  trainingStep,
  trainModel,
  type TrainModelOptions,
  writeSafetensors,
} from '@tesserae/core/train';
import { buffersOfStates, statesOfBuffers, trainResidualCodebooks } from '../train/residual-codebooks';
import { spectralLosses, waveformLoss } from '../train/spectral-losses';
import { drawRows, startCodebooks } from '../train/start-codebooks';
import { hopLength, type MelRvqConfig } from './config';
import { decodeMel } from './decoder';
import { encodeMel } from './encoder';
import { initialWeights, networkOf, treeOf } from './initial-weights';
import { readWeights } from './weights';

/** Batches of a training run. */
export interface MelRvqData {
  /** Mono, -1..1, `[B, T]`, of the update with that number; the same number gives the same batch. */
  batch(step: number): Float32Array | Promise<Float32Array>;
  readonly batchSize: number;
  /** Samples of an item: T, a multiple of the samples a token. */
  readonly samples: number;
}

export interface TrainMelRvqOptions extends Omit<TrainModelOptions, 'rate' | 'engine'> {
  readonly engine: Engine;
  /** Default: warm-up of 100 updates to 2e-3, cosine to 1 %. */
  readonly schedule?: Omit<CosineSchedule, 'steps'>;
  /** Of the initial weights and of all draws. Default 0. */
  readonly seed?: number;
  /** Updates before codebooks are put in, by k-means. Default 200. */
  readonly quantizeFrom?: number;
  /** Goes on from here. */
  readonly resume?: TrainingState;
}

/** Weights of the parts of the loss. */
const weights = { mel: 1, stft: 0.5, waveform: 0.1, commitment: 0.25 } as const;

/** Vectors that k-means gets, for each code of a codebook. */
const startRowsPerCode = 8;

/** Kernels that Muon moves; AdamW takes the first and the last, those of single channels, biases, norms. */
const isInner = (name: string) => /\.(wide|narrow|up)\.kernel$/.test(name);

function createOptimizer(): Optimizer {
  return partitionedOptimizer([adamW({ beta2: 0.95 }), muon()], (name) => (isInner(name) ? 1 : 0));
}

/**
 * Trains the starter's network: yields after every update. The first updates run without codebooks; then k-means finds
 * them, and they follow averages. Half of the items of a batch use all codebooks, the others any number of the first ones.
 * `progress.state` goes to {@link exportMelRvq} once `quantizeFrom` is passed.
 */
export async function* trainMelRvq(
  config: MelRvqConfig,
  data: MelRvqData,
  options: TrainMelRvqOptions,
): AsyncGenerator<TrainingProgress> {
  const { schedule = { rate: 2e-3, warmup: 100 }, seed = 0, quantizeFrom = 200, resume, ...rest } = options;
  const { steps, engine } = options;
  const optimizer = createOptimizer();
  const stepOf = (quantized: boolean) => trainingStep({ optimizer, losses: lossesOf(config, quantized) });
  const batchOf = async (index: number): Promise<HostTensors> => ({
    audio: audioOf(data, await data.batch(index)),
    ...drawsOf(config, data, seed, index),
  });
  const rate = (done: number) => cosineRate({ ...schedule, steps }, done);

  let state = resume ?? initialState(initialWeights(config, seed), optimizer);
  if (state.step < quantizeFrom) {
    const until = Math.min(steps, quantizeFrom);
    for await (const progress of trainModel(stepOf(false), batchOf, state, { ...rest, steps: until, rate })) {
      state = progress.state;
      yield progress;
    }
  }
  if (state.step >= steps) return;
  if (!state.buffers) state = { ...state, buffers: await firstCodebooks(config, data, state, engine, seed) };
  yield* trainModel(stepOf(true), batchOf, state, { ...rest, rate });
}

function lossesOf(config: MelRvqConfig, quantized: boolean) {
  return (flat: Tensors, batch: Tensors, buffers: TrainingBuffers) => {
    const { encoder, decoder } = networkOf(config, flat);
    const audio = batch['audio'] as tf.Tensor3D;
    const latents = encodeMel(audio, encoder, config);
    const training = quantized
      ? trainResidualCodebooks(latents, statesOfBuffers(buffers.values, config.codebooks), {
          kept: batch['kept'] as tf.Tensor2D,
          rows: batch['rows'] as tf.Tensor1D,
        })
      : undefined;
    if (training) buffers.set(buffersOfStates(training.states));
    const output = decodeMel(training?.quantized ?? latents, decoder, config);
    const [found, wanted] = [tf.squeeze(output, [2]), tf.squeeze(audio, [2])] as [tf.Tensor2D, tf.Tensor2D];
    const { mel, stft } = spectralLosses(found, wanted, config);
    const waveform = waveformLoss(found, wanted);
    const commitment = training?.commitment ?? tf.scalar(0);
    const parts = { mel, stft, waveform, commitment };
    const terms = Object.entries(weights).map(([name, weight]) => tf.mul(parts[name as keyof typeof parts], weight));
    const used = training?.perplexities.map((value, layer) => [`perplexity${layer}`, value] as const) ?? [];
    return { loss: tf.addN(terms) as tf.Scalar, ...parts, ...Object.fromEntries(used) };
  };
}

/** How many codebooks each item uses, and rows for dead codes; functions of the seed and the update. */
function drawsOf({ codebooks, ...config }: MelRvqConfig, data: MelRvqData, seed: number, step: number): HostTensors {
  const { batchSize, samples } = data;
  const draws = mulberry32(Math.imul(seed + 1, 0x85ebca6b) + step).uniform(batchSize * 2);
  const kept = new Float32Array(batchSize * codebooks);
  for (let item = 0; item < batchSize; item += 1) {
    const [whole, part] = [draws[2 * item]!, draws[2 * item + 1]!];
    const count = whole < 0.5 ? codebooks : 1 + Math.floor(part * codebooks);
    kept.fill(1, item * codebooks, item * codebooks + count);
  }
  const rows = (batchSize * samples) / hopLength({ ...config, codebooks });
  return {
    kept: { shape: [batchSize, codebooks], data: kept },
    rows: { shape: [rows], data: Int32Array.from(drawRows(rows, rows, Math.imul(seed + 1, 0xc2b2ae35) + step)) },
  };
}

function audioOf({ batchSize, samples }: MelRvqData, data: Float32Array): HostTensor {
  return { shape: [batchSize, samples, 1], data };
}

/** Latents of some batches, then k-means. */
async function firstCodebooks(
  config: MelRvqConfig,
  data: MelRvqData,
  { params, step }: TrainingState,
  engine: Engine,
  seed: number,
): Promise<HostTensors> {
  const { codebooks, codebookSize, codeWidth } = config;
  const rowsPerStep = (data.batchSize * data.samples) / hopLength(config);
  const batches = Math.ceil((startRowsPerCode * codebookSize) / rowsPerStep);
  const encode = modelFunction(
    () => undefined,
    (_part, { audio, ...flat }: Tensors) => ({
      latents: encodeMel(audio as tf.Tensor3D, networkOf(config, flat).encoder, config),
    }),
  );
  const executable = await engine.load(encode, undefined as never, { name: 'latents of training' });
  const rows = new Float32Array(batches * rowsPerStep * codeWidth);
  try {
    for (let index = 0; index < batches; index += 1) {
      const audio = audioOf(data, await data.batch(step + index));
      const { latents } = await executable.run({ ...encoderOf(params), audio });
      rows.set(latents!.data as Float32Array, index * rowsPerStep * codeWidth);
    }
  } finally {
    await executable.dispose();
  }
  const latents = { shape: [batches * rowsPerStep, codeWidth], data: rows };
  return startCodebooks(latents, engine, { codebooks, codebookSize, rowsPerStep, seed });
}

function encoderOf(params: HostTensors): HostTensors {
  return Object.fromEntries(Object.entries(params).filter(([name]) => name.startsWith('encoder.')));
}

/** A safetensors file that `melRvq.fromPretrained` opens. */
export function exportMelRvq(
  config: MelRvqConfig,
  { params, buffers }: Pick<TrainingState, 'params' | 'buffers'>,
  dtype: 'F16' | 'F32' = 'F16',
): Uint8Array {
  if (!buffers) throw new TypeError('exportMelRvq: expected a state with codebooks, got one from before quantizeFrom.');
  return writeSafetensors(
    exportWeights((map) => readWeights(map, config), treeOf(config, params, buffers)),
    { dtype, metadata: { format: 'pt' } },
  );
}
