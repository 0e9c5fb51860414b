import type { HostTensor } from '../engine/engine';
import { ShapeError } from '../errors/shape-error';
import { permuteValues } from './evaluate-recipe';
import { elementCount } from './recipes';
import { createWeightMap, type WeightMap } from './weight-map';
import { isWeightTensor, recipeShape, type WeightRecipe } from './weight-recipe';

/**
 * Trained parameters under their official keys and in official layout: the inverse of loading.
 *
 * @param weights - The system's declaration of weights.
 * @param values - The same tree with a host tensor, in tfjs layout, for every weight.
 * @throws {ShapeError} A value is missing or has another shape.
 */
export function exportWeights(weights: (map: WeightMap) => unknown, values: unknown): ReadonlyMap<string, HostTensor> {
  const official = new Map<string, HostTensor>();
  const keyOf = new Map<WeightRecipe, string>();
  const tree = weights(
    createWeightMap({
      has: () => true,
      resolve(keys, shape) {
        const key = keys[0]!;
        const recipe: WeightRecipe = {
          kind: 'values',
          dtype: 'F32',
          shape,
          read: async () => new Float32Array(elementCount(shape)),
        };
        keyOf.set(recipe, key);
        return recipe;
      },
      lazy: (recipe) => ({ shape: recipeShape(recipe), recipe, read: async () => new Float32Array(0) }),
      ignore: () => undefined,
    }),
  );
  walk(tree, values, 'weights', (recipe, value, path) => {
    for (const { leaf, value: stored } of invert(recipe, value, path)) official.set(keyOf.get(leaf)!, stored);
  });
  return official;
}

function walk(
  tree: unknown,
  values: unknown,
  path: string,
  visit: (recipe: WeightRecipe, value: HostTensor, path: string) => void,
): void {
  if (isWeightTensor(tree)) {
    const value = values as HostTensor | undefined;
    if (!value || value.shape.join() !== tree.shape.join())
      throw new ShapeError(path, `[${tree.shape.join(', ')}]`, value?.shape ?? []);
    visit(tree.recipe, value, path);
    return;
  }
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, child] of Object.entries(tree))
    walk(child, (values as Record<string, unknown> | undefined)?.[key], `${path}.${key}`, visit);
}

function invert(
  recipe: WeightRecipe,
  { shape, data }: HostTensor,
  path: string,
): readonly { readonly leaf: WeightRecipe; readonly value: HostTensor }[] {
  switch (recipe.kind) {
    case 'values':
      return [{ leaf: recipe, value: { shape, data } }];
    case 'weight-norm':
      return [
        ...invert(recipe.v, { shape, data }, path),
        ...invert(recipe.g, { shape: recipeShape(recipe.g), data: channelNorms(data, shape, recipe.axis) }, path),
      ];
    case 'reshape':
      return invert(recipe.of, { shape: recipeShape(recipe.of), data }, path);
    case 'permute': {
      const inverse = recipe.axes.map((_, axis) => recipe.axes.indexOf(axis));
      return invert(recipe.of, { shape: recipeShape(recipe.of), data: permuteValues(data, shape, inverse) }, path);
    }
    default:
      throw new ShapeError(path, 'a weight that is a permutation of one official tensor', shape);
  }
}

/** Length of every slice along an axis: the gains of a weight whose directions are its own. */
function channelNorms(data: ArrayLike<number>, shape: readonly number[], axis: number): Float32Array {
  const inner = elementCount(shape.slice(axis + 1));
  const squares = new Float64Array(shape[axis]!);
  for (let i = 0; i < data.length; i += 1) squares[Math.floor(i / inner) % squares.length]! += data[i]! ** 2;
  return Float32Array.from(squares, Math.sqrt);
}
