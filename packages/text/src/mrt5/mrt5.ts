import type * as tf from '@tensorflow/tfjs-core';
import {
  defineSystem,
  type HostTensor,
  type Model,
  modelFunction,
  type ModelFunction,
  UnsupportedError,
} from '@tesserae/core';
import { library } from '../library';
import { type Mrt5Config, parseConfig } from './config';
import { deleteGate } from './delete-gate';
import { deletePositions } from './delete-positions';
import { type KeptPositions, keptPositions } from './kept-positions';
import { type DeleteGateParams, readWeights } from './weights';

/** The delete gate of an MrT5, for hidden states on the host. */
export interface Mrt5Gate {
  readonly config: Mrt5Config;
  /**
   * Values and logits of the gate, `[B, N, 1]` each.
   *
   * @param hidden - `[B, N, width]`, what goes into the block of the gate.
   * @param ids - `[B, N]`, int32; 0 is padding.
   * @throws {UnsupportedError} The gate is not learned: see `fixedDeleteGate` and `randomDeleteGate`.
   */
  values(hidden: HostTensor, ids: HostTensor): Promise<{ readonly values: HostTensor; readonly logits: HostTensor }>;
  /**
   * Hidden states of the positions that the gate keeps.
   *
   * @throws {InputError} It keeps none.
   */
  shorten(hidden: HostTensor, ids: HostTensor): Promise<KeptPositions & { readonly hidden: HostTensor }>;
  dispose(): Promise<void>;
}

interface GateInputs {
  readonly [name: string]: tf.Tensor;
  readonly hidden: tf.Tensor3D;
  readonly ids: tf.Tensor2D;
}

interface ShortenInputs {
  readonly [name: string]: tf.Tensor;
  readonly hidden: tf.Tensor3D;
  readonly positions: tf.Tensor2D;
}

function functions(config: Mrt5Config): Readonly<Record<string, ModelFunction<DeleteGateParams>>> {
  const shorten = modelFunction(
    () => ({}),
    (_, { hidden, positions }: ShortenInputs) => ({ hidden: deletePositions(hidden, positions) }),
  );
  const isLearned = config.deletionType === 'scaled_sigmoid' || config.deletionType === 'log_sigmoid';
  if (!isLearned) return { shorten };
  const gate = modelFunction(
    (params: DeleteGateParams) => params,
    (params, { hidden, ids }: GateInputs) => ({ ...deleteGate(hidden, ids, params, config) }),
  );
  return { gate, shorten };
}

function create(model: Model<Mrt5Config>): Mrt5Gate {
  const { config } = model;
  const values: Mrt5Gate['values'] = async (hidden, ids) => {
    if (!model.has('gate')) {
      throw new UnsupportedError('learned gate', `A gate of type ${config.deletionType} reads no hidden states.`);
    }
    const outputs = await model.run('gate', { hidden, ids });
    return { values: outputs['values']!, logits: outputs['logits']! };
  };
  return {
    config,
    values,
    async shorten(hidden, ids) {
      const gate = (await values(hidden, ids)).values;
      const kept = keptPositions(gate.data as Float32Array, gate.shape[0]!, config.threshold);
      const positions = { shape: [kept.batch, kept.length], data: kept.positions };
      const { hidden: shortened } = await model.run('shorten', { hidden, positions });
      return { ...kept, hidden: shortened! };
    },
    dispose: () => model.dispose(),
  };
}

/** MrT5 (arXiv 2410.20771): the gate that shortens byte sequences inside a ByT5 encoder, read out of its checkpoint. */
export const mrt5 = defineSystem({
  id: 'text/mrt5',
  library,
  presets: {},
  parseConfig,
  weights: readWeights,
  functions,
  create,
});
