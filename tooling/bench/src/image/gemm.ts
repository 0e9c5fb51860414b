import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type Executable, type HostTensor, type LoadOptions, type WeightTensor } from '@tesserae/core';
import type { Engine } from '@tesserae/core';
import { randomValues } from '../../../../packages/core/src/checkpoint/random-weights';

/** Rows of the products whose rate counts as the peak of a runtime: one picture, two, four. */
export const productRows = [289, 578, 1156] as const;
const inner = 1024;
const outer = 4096;
/** Products there and back: with weights of its own for each, as in a transformer. */
const pairs = 4;

/** Floating point operations of one run of the chain. */
export function productFlops(rows: number): number {
  return pairs * 2 * (2 * rows * inner * outer);
}

/** A chain of plain matrix products, `[rows, 1024] x [1024, 4096]` and back, and one sum at the end. */
export async function loadProducts(engine: Engine, options: LoadOptions): Promise<Executable> {
  const weights = Array.from({ length: pairs }, (_, index) => ({
    there: matrix(`there${index}`, [inner, outer]),
    back: matrix(`back${index}`, [outer, inner]),
  }));
  const products = modelFunction(
    (params: readonly { readonly there: tf.Tensor2D; readonly back: tf.Tensor2D }[]) => params,
    (params, { x }: { readonly x: tf.Tensor2D }) => ({
      sum: tf.sum(params.reduce((rows, { there, back }) => tf.matMul(tf.matMul(rows, there), back), x)),
    }),
  );
  return engine.load(products, weights, { ...options, name: 'matrix products' });
}

export function productInput(rows: number): HostTensor {
  return { shape: [rows, inner], data: randomValues(`x${rows}`, [inner, rows], 'bias', 1).fill(1) };
}

/** Values keep their scale from product to product. */
function matrix(name: string, shape: readonly [number, number]): WeightTensor {
  const read = () => Promise.resolve(randomValues(name, [shape[1], shape[0]], 'kernel', 1));
  return { shape, recipe: { kind: 'values', dtype: 'F32', shape, read }, read };
}
