import { weightTensor } from './evaluate-recipe';
import { elementCount } from './recipes';
import { createWeightMap, type MappedTensor, type WeightMap, type WeightRole } from './weight-map';
import type { WeightRecipe } from './weight-recipe';

/**
 * Fills a model's weights with seeded random values of a trained model's scale: kernels uniform with variance
 * 1 / fan-in, norm scales 1, biases 0, tables uniform with variance 0.02² (codebooks 1 / dim).
 */
export function randomWeights<Tree>(
  weights: (map: WeightMap) => Tree,
  seed: number,
): { readonly tree: Tree; readonly mapped: readonly MappedTensor[] } {
  const mapped = new Map<string, MappedTensor>();
  const tree = weights(
    createWeightMap({
      has: () => false,
      resolve(keys, shape, role) {
        const key = keys[0]!;
        const known = mapped.get(key);
        if (known) return known.recipe;
        const read = () => Promise.resolve(randomValues(key, shape, role, seed));
        const recipe: WeightRecipe = { kind: 'values', dtype: 'F32', shape, read };
        mapped.set(key, { key, shape, role, recipe });
        return recipe;
      },
      lazy: (recipe) => weightTensor(recipe, () => Promise.reject(new Error('random weights lie in no file'))),
      ignore: () => undefined,
    }),
  );
  return { tree, mapped: [...mapped.values()] };
}

/** Uniform values from a counter: any tensor alone, in any order, gives the same numbers. */
export function randomValues(key: string, shape: readonly number[], role: WeightRole, seed: number): Float32Array {
  const values = new Float32Array(elementCount(shape));
  if (role === 'bias') return values;
  if (role === 'scale') return values.fill(1);
  const scale = Math.sqrt(3) * deviation(shape, role);
  const start = (hash(key) ^ seed) >>> 0;
  for (let i = 0; i < values.length; i += 1) values[i] = scale * (mix(start + Math.imul(i, 0x9e3779b9)) * 2 ** -31 - 1);
  return values;
}

function deviation(shape: readonly number[], role: WeightRole): number {
  if (role === 'kernel') return 1 / Math.sqrt(Math.max(1, elementCount(shape.slice(1))));
  if (role === 'codebook') return 1 / Math.sqrt(shape.at(-1) ?? 1);
  return 0.02;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** The finaliser of MurmurHash3. */
function mix(counter: number): number {
  let x = counter >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
