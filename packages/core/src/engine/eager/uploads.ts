import * as tf from '@tensorflow/tfjs-core';
import { recipeIsInteger, type WeightTensor } from '../../checkpoint/weight-recipe';
import { onBackend } from './on-backend';

/** Weights on a backend, counted: functions that share one hold the same tensor. */
export interface Uploads {
  /** Reads and uploads a weight, or joins those who hold it. */
  acquire(weight: WeightTensor, signal: AbortSignal | undefined): Promise<tf.Tensor>;
  /** The tensor of a weight that the caller holds. */
  get(weight: WeightTensor): Promise<tf.Tensor>;
  release(weight: WeightTensor): Promise<void>;
  /** Disposes everything. */
  clear(): Promise<void>;
}

interface Entry {
  readonly tensor: Promise<tf.Tensor>;
  users: number;
}

export function createUploads(backend: string): Uploads {
  const entries = new Map<WeightTensor, Entry>();

  const upload = async (weight: WeightTensor, signal: AbortSignal | undefined) => {
    const values = await weight.read(signal);
    const dtype = recipeIsInteger(weight.recipe) ? 'int32' : 'float32';
    return onBackend(backend, () => tf.keep(tf.tensor(values, [...weight.shape], dtype)));
  };
  const acquire = async (weight: WeightTensor, signal: AbortSignal | undefined): Promise<tf.Tensor> => {
    const known = entries.get(weight);
    if (!known) {
      const entry: Entry = { tensor: upload(weight, signal), users: 1 };
      entries.set(weight, entry);
      try {
        return await entry.tensor;
      } catch (error) {
        entries.delete(weight);
        throw error;
      }
    }
    known.users += 1;
    try {
      return await known.tensor;
    } catch {
      // Whoever read it was cancelled; that is no reason for this caller to fail.
      signal?.throwIfAborted();
      return acquire(weight, signal);
    }
  };
  return {
    acquire,
    get: (weight) => entries.get(weight)!.tensor,
    async release(weight) {
      const entry = entries.get(weight);
      if (!entry) return;
      entry.users -= 1;
      if (entry.users > 0) return;
      entries.delete(weight);
      (await entry.tensor).dispose();
    },
    async clear() {
      const left = [...entries.values()];
      entries.clear();
      for (const { tensor } of left) (await tensor.catch(() => undefined))?.dispose();
    },
  };
}
