import { randomWeights } from '../checkpoint/random-weights';
import type { WeightMap } from '../checkpoint/weight-map';
import { isWeightTensor, type WeightTensor } from '../checkpoint/weight-recipe';

/** What a system declares as its weights, without values: shapes in tfjs layout, in the tree of its parameters. */
export function parameterTree<Tree>(weights: (map: WeightMap) => Tree): Tree {
  return randomWeights(weights, 0).tree;
}

/** Shapes of all parameters by their path in the tree, `encoder.blocks.0.kernel`. */
export function parameterShapes(tree: unknown): Readonly<Record<string, readonly number[]>> {
  const shapes: Record<string, readonly number[]> = {};
  const walk = (value: unknown, path: string): void => {
    if (isWeightTensor(value)) shapes[path] = value.shape;
    else if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value)) walk(child, path ? `${path}.${key}` : key);
  };
  walk(tree, '');
  return shapes;
}

/** The tree with what has its path in `values` in place of every weight; other values stay. */
export function fillParameters(tree: unknown, values: Readonly<Record<string, unknown>>): unknown {
  const walk = (value: unknown, path: string): unknown => {
    if (isWeightTensor(value)) return values[path];
    if (Array.isArray(value)) return value.map((child, index) => walk(child, path ? `${path}.${index}` : `${index}`));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value as Readonly<Record<string, WeightTensor>>);
    return Object.fromEntries(entries.map(([key, child]) => [key, walk(child, path ? `${path}.${key}` : key)]));
  };
  return walk(tree, '');
}
