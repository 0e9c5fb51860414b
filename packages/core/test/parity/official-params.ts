import * as tf from '@tensorflow/tfjs-core';
import { randomWeights } from '../../src/checkpoint/random-weights';
import { createWeightMap, type WeightMap } from '../../src/checkpoint/weight-map';
import { isWeightTensor, type Host, type WeightRecipe, type WeightTensor } from '../../src/checkpoint/weight-recipe';
import type { Tensors } from '../../src/engine/engine';
import { weightNorm } from '../../src/train/weight-norm';

/** Official keys of a declaration, in its order. */
export function weightKeys<Params>(weights: (map: WeightMap) => Host<Params>): readonly string[] {
  return randomWeights(weights, 0).mapped.map(({ key }) => key);
}

/**
 * Parameters made of tensors in official layout by differentiable operations, so that gradients come out in that layout.
 *
 * @param official - By official key.
 */
export function officialParams<Params>(weights: (map: WeightMap) => Host<Params>, official: Tensors): Params {
  const sources = new Map<WeightRecipe, tf.Tensor>();
  const unread = () => Promise.reject(new Error('parameters are tensors already'));
  const tree = weights(
    createWeightMap({
      has: (key) => key in official,
      resolve(keys, shape) {
        const key = keys.find((name) => name in official);
        if (key === undefined) throw new Error(`no weight ${keys.join(' or ')}`);
        const recipe: WeightRecipe = { kind: 'values', dtype: 'F32', shape, read: unread };
        sources.set(recipe, official[key]!);
        return recipe;
      },
      lazy: (recipe) => ({ shape: [], recipe, read: unread }) satisfies WeightTensor,
      ignore: () => undefined,
    }),
  );
  const walk = (value: unknown): unknown => {
    if (isWeightTensor(value)) return evaluate(value.recipe, sources);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child)]));
  };
  return walk(tree) as Params;
}

function evaluate(recipe: WeightRecipe, sources: ReadonlyMap<WeightRecipe, tf.Tensor>): tf.Tensor {
  switch (recipe.kind) {
    case 'values':
      return sources.get(recipe)!;
    case 'permute':
      return tf.transpose(evaluate(recipe.of, sources), [...recipe.axes]);
    case 'reshape':
      return tf.reshape(evaluate(recipe.of, sources), [...recipe.shape]);
    case 'weight-norm':
      return weightNorm(evaluate(recipe.g, sources), evaluate(recipe.v, sources));
    default:
      throw new Error(`a quantizer has no weight made by ${recipe.kind}`);
  }
}
