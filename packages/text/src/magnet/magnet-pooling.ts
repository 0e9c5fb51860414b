import * as tf from '@tensorflow/tfjs-core';
import {
  defineSystem,
  type HostTensor,
  type HostTensors,
  InputError,
  type Model,
  modelFunction,
  type ModelFunction,
  type RandomSource,
} from '@tesserae/core';
import { layerNorm } from '@tesserae/core/nn';
import { library } from '../library';
import { segmentSlots } from './boundaries';
import { boundaryLogits, hardBoundaries, relaxedBoundaries } from './boundary-predictor';
import { type MagnetPoolingConfig, parsePoolingConfig } from './config';
import { poolSegments, spreadSegments } from './pooling';
import { type PoolingParams, readPoolingWeights } from './weights';

export interface BoundaryOptions {
  /** Draws boundaries as the official code does. Default: a boundary wherever its probability is above the threshold. */
  readonly random?: RandomSource;
}

/** Where segments end, `[B, N]` each. */
export interface Boundaries {
  readonly logits: HostTensor;
  /** 0..1; what was drawn where boundaries are. */
  readonly soft: HostTensor;
  /** 0 or 1. */
  readonly hard: HostTensor;
}

/** Segments of hidden states on the host. */
export interface MagnetPooling {
  readonly config: MagnetPoolingConfig;
  /**
   * @param hidden - `[B, N, width]`.
   * @param script - One of the configuration; `''` for dynamic pooling.
   * @throws {InputError} An unknown script.
   */
  boundaries(hidden: HostTensor, script: string, options?: BoundaryOptions): Promise<Boundaries>;
  /** Normalized means of segments, `[B, S, width]`, the null group first. `boundaries`: `[B, N]`, 0 or 1, of any source. */
  pool(hidden: HostTensor, boundaries: HostTensor): Promise<HostTensor>;
  /** The segment that each position may see, `[B, N, width]`. */
  spread(segments: HostTensor, boundaries: HostTensor): Promise<HostTensor>;
  dispose(): Promise<void>;
}

interface Inputs {
  readonly [name: string]: tf.Tensor;
  readonly hidden: tf.Tensor3D;
  readonly segments: tf.Tensor3D;
  readonly boundaries: tf.Tensor2D;
  readonly noise: tf.Tensor2D;
  readonly slots: tf.Tensor1D;
}

/** Functions of every model with segments: `predict` and `sample` by script, `pool` and `spread`. */
export function poolingFunctions<Params extends PoolingParams>(
  config: MagnetPoolingConfig,
): Record<string, ModelFunction<Params>> {
  const functions: Record<string, ModelFunction<Params>> = {
    pool: modelFunction(
      ({ nullGroup, norm }: Params) => ({ nullGroup, norm }),
      ({ nullGroup, norm }, { hidden, boundaries, slots }: Inputs) => {
        const means = poolSegments(hidden, boundaries, nullGroup as tf.Tensor1D, slots);
        return { means, segments: layerNorm(means, norm as PoolingParams['norm']) };
      },
    ),
    spread: modelFunction(
      () => ({}),
      (_, { segments, boundaries, slots }: Inputs) => ({ hidden: spreadSegments(segments, boundaries, slots) }),
    ),
  };
  for (const script of Object.keys(config.priors)) {
    const select = ({ predictors }: Params) => ({ predictor: predictors[script]! });
    functions[`predict ${script}`] = modelFunction(select, ({ predictor }, { hidden }: Inputs) => {
      const logits = boundaryLogits(hidden, predictor, config.activation);
      const soft = tf.sigmoid(logits) as tf.Tensor2D;
      return { logits, soft, hard: hardBoundaries(soft, config.threshold) };
    });
    functions[`sample ${script}`] = modelFunction(select, ({ predictor }, { hidden, noise }: Inputs) => {
      const logits = boundaryLogits(hidden, predictor, config.activation);
      const soft = relaxedBoundaries(logits, noise, config.temperature);
      return { logits, soft, hard: hardBoundaries(soft, config.threshold) };
    });
  }
  return functions;
}

/** Runs the functions of {@link poolingFunctions}. */
export function createPooling(model: Model<MagnetPoolingConfig>): MagnetPooling {
  const { config } = model;
  const withSlots = (tensors: HostTensors, boundaries: HostTensor): HostTensors => {
    const slots = segmentSlots(boundaries.data, boundaries.shape[1]!);
    return { ...tensors, boundaries, slots: { shape: [slots.length], data: slots } };
  };
  return {
    config,
    async boundaries(hidden, script, { random } = {}) {
      if (!Object.hasOwn(config.priors, script)) {
        const known = Object.keys(config.priors).map((name) => JSON.stringify(name));
        throw new InputError('script', known.join(', '), JSON.stringify(script));
      }
      const [batch, length] = hidden.shape as [number, number];
      const noise = random && { shape: [batch, length], data: random.uniform(batch * length) };
      const outputs = noise
        ? await model.run(`sample ${script}`, { hidden, noise })
        : await model.run(`predict ${script}`, { hidden });
      return { logits: outputs['logits']!, soft: outputs['soft']!, hard: outputs['hard']! };
    },
    async pool(hidden, boundaries) {
      return (await model.run('pool', withSlots({ hidden }, boundaries)))['segments']!;
    },
    async spread(segments, boundaries) {
      return (await model.run('spread', withSlots({ segments }, boundaries)))['hidden']!;
    },
    dispose: () => model.dispose(),
  };
}

/**
 * The pooling of MAGNET (arXiv 2407.08818) and of dynamic pooling (arXiv 2211.09761): predictors of boundaries and means
 * of segments, out of a whole checkpoint or of a file that has nothing else.
 */
export const magnetPooling = defineSystem<MagnetPoolingConfig, PoolingParams, MagnetPooling>({
  id: 'text/magnet-pooling',
  library,
  presets: {},
  parseConfig: parsePoolingConfig,
  weights: readPoolingWeights,
  functions: poolingFunctions<PoolingParams>,
  create: createPooling,
});
