import * as tf from '@tensorflow/tfjs-core';
import {
  defineSystem,
  type HostTensor,
  InputError,
  type Model,
  modelFunction,
  type ModelFunction,
} from '@tesserae/core';
import { linear } from '@tesserae/core/nn';
import { library } from '../library';
import { segmentSlots } from './boundaries';
import { type MagnetConfig, parseConfig } from './config';
import { type BoundaryOptions, createPooling, type MagnetPooling, poolingFunctions } from './magnet-pooling';
import { spreadSegments } from './pooling';
import { relativeLayers } from './relative-layers';
import { type MagnetParams, readWeights } from './weights';

/** What the model says of sequences of one length. */
export interface MagnetOutput {
  /** `[B, N, vocabulary]`, of the next id at every position; N does not count the id of the script. */
  readonly logits: HostTensor;
  /** `[B, N]`, 0 or 1: where segments end. */
  readonly boundaries: HostTensor;
}

/** A language model over bytes with segments by script. */
export interface Magnet extends Omit<MagnetPooling, 'config'> {
  readonly config: MagnetConfig;
  /**
   * @param rows - Ids, the first of which names the script; rows of the same length, of any scripts.
   * @throws {InputError} Rows of different lengths or without a known script.
   */
  logits(rows: readonly ArrayLike<number>[], options?: BoundaryOptions): Promise<MagnetOutput>;
}

interface Inputs {
  readonly [name: string]: tf.Tensor;
  readonly ids: tf.Tensor2D;
  readonly hidden: tf.Tensor3D;
  readonly segments: tf.Tensor3D;
  readonly boundaries: tf.Tensor2D;
  readonly slots: tf.Tensor1D;
}

function functions(config: MagnetConfig): Readonly<Record<string, ModelFunction<MagnetParams>>> {
  const shared = ({ frequencies, keyBias, positionBias }: MagnetParams) => ({ frequencies, keyBias, positionBias });
  return {
    ...poolingFunctions<MagnetParams>(config),
    before: modelFunction(
      (params: MagnetParams) => ({ ...shared(params), embedding: params.embedding, layers: params.stages[0]! }),
      (p, { ids }: Inputs) => ({
        hidden: relativeLayers(tf.gather(p.embedding as tf.Tensor, ids) as tf.Tensor3D, p.layers, p, config),
      }),
    ),
    between: modelFunction(
      (params: MagnetParams) => ({ ...shared(params), layers: params.stages[1]! }),
      (p, { segments }: Inputs) => ({ segments: relativeLayers(segments, p.layers, p, config) }),
    ),
    behind: modelFunction(
      (params: MagnetParams) => ({ ...shared(params), cast: params.cast, layers: params.stages[2]! }),
      (p, { hidden, segments, boundaries, slots }: Inputs) => {
        const sum = tf.add(spreadSegments(segments, boundaries, slots), hidden) as tf.Tensor3D;
        return { logits: linear(relativeLayers(sum, p.layers, p, config), p.cast) };
      },
    ),
  };
}

function create(model: Model<MagnetConfig>): Magnet {
  const { config } = model;
  const pooling = createPooling(model);
  const scriptLogits = async (rows: readonly ArrayLike<number>[], script: string, options: BoundaryOptions) => {
    const length = rows[0]!.length - 1;
    const data = Int32Array.from({ length: rows.length * length }, (_, index) => {
      return rows[Math.floor(index / length)]![1 + (index % length)]!;
    });
    const hidden = (await model.run('before', { ids: { shape: [rows.length, length], data } }))['hidden']!;
    const boundaries = (await pooling.boundaries(hidden, script, options)).hard;
    const pooled = await pooling.pool(hidden, boundaries);
    const segments = (await model.run('between', { segments: pooled }))['segments']!;
    const slots = segmentSlots(boundaries.data, length);
    const inputs = { hidden, segments, boundaries, slots: { shape: [slots.length], data: slots } };
    return { logits: (await model.run('behind', inputs))['logits']!, boundaries };
  };
  return {
    ...pooling,
    config,
    async logits(rows, options = {}) {
      const length = rows[0]?.length ?? 0;
      const scripts = rows.map((row, index) => scriptOf(row, index, length, config));
      const logits = new Float32Array(rows.length * (length - 1) * config.vocabularySize);
      const boundaries = new Float32Array(rows.length * (length - 1));
      for (const script of new Set(scripts)) {
        const members = rows.flatMap((_, index) => (scripts[index] === script ? [index] : []));
        const output = await scriptLogits(
          members.map((index) => rows[index]!),
          script,
          options,
        );
        scatterRows(output.logits, members, logits);
        scatterRows(output.boundaries, members, boundaries);
      }
      return {
        logits: { shape: [rows.length, length - 1, config.vocabularySize], data: logits },
        boundaries: { shape: [rows.length, length - 1], data: boundaries },
      };
    },
  };
}

function scriptOf(row: ArrayLike<number>, index: number, length: number, config: MagnetConfig): string {
  if (row.length !== length || length < 2) {
    throw new InputError('rows', `rows of ${Math.max(length, 2)} ids`, `${row.length} in row ${index}`);
  }
  const script = config.scriptOfId.get(row[0]!) ?? (config.scriptOfId.size === 0 ? '' : undefined);
  if (script !== undefined) return script;
  const known = [...config.scriptOfId.keys()].join(', ');
  throw new InputError('rows', `a script (${known}) as first id`, `${row[0]} in row ${index}`);
}

function scatterRows({ data, shape }: HostTensor, rows: readonly number[], target: Float32Array): void {
  const size = data.length / shape[0]!;
  for (const [from, to] of rows.entries()) target.set(data.subarray(from * size, (from + 1) * size), to * size);
}

/** MAGNET (arXiv 2407.08818): a language model over bytes whose middle layers see segments, their rate set by script. */
export const magnet = defineSystem<MagnetConfig, MagnetParams, Magnet>({
  id: 'text/magnet',
  library,
  presets: {},
  parseConfig,
  weights: readWeights,
  functions,
  create,
});
