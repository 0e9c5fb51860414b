import { CheckpointError, type MisshapedTensor } from '../errors';
import type { Checkpoint } from './checkpoint';
import { weightTensor, type StoredReader } from './evaluate-recipe';
import { describeForeignNames } from './foreign-names';
import { randomValues } from './random-weights';
import { createWeightMap, type MappedTensor, type WeightBacking, type WeightMap, type WeightRole } from './weight-map';
import type { WeightRecipe } from './weight-recipe';

/** How well a checkpoint fits a model: everything that is wrong, found from headers alone. */
export interface CheckpointFit<Tree> {
  readonly tree: Tree;
  readonly mapped: readonly MappedTensor[];
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshaped: readonly MisshapedTensor[];
  /** {@link Checkpoint.foreignNames}: what may hide a missing tensor. */
  readonly foreignNames?: readonly string[];
}

/** Seed of tensors that a partial checkpoint lacks. */
const freshSeed = 0;

/**
 * Fills a model's weights from a checkpoint without reading any; collects what does not fit.
 *
 * @param partial - Tensors that are missing count as mapped: they are filled at random.
 */
export function fitCheckpoint<Tree>(
  checkpoint: Checkpoint,
  weights: (map: WeightMap) => Tree,
  readStored: StoredReader,
  partial = false,
): CheckpointFit<Tree> {
  const mapped = new Map<string, MappedTensor>();
  const used = new Set<string>();
  const missing: string[] = [];
  const misshaped: MisshapedTensor[] = [];
  const ignored: { readonly prefix: string; readonly key: string | RegExp }[] = [];

  /** The tensor of the first key that exists, or a stand-in with the fault recorded. */
  const find = (keys: readonly string[], shape: readonly number[], role: WeightRole): WeightRecipe | undefined => {
    const key = keys.find((candidate) => checkpoint.has(candidate));
    if (key === undefined) return undefined;
    used.add(key);
    const actual = checkpoint.shape(key);
    if (actual.length === shape.length && actual.every((length, axis) => length === shape[axis]))
      return checkpoint.tensor(key).recipe;
    misshaped.push({ key, expected: shape, actual });
    return fresh(keys[0]!, shape, role);
  };
  const findParts = (parts: readonly string[], shape: readonly number[], role: WeightRole) => {
    if (!parts.some((part) => checkpoint.has(part))) return undefined;
    const partShape = [shape[0]! / parts.length, ...shape.slice(1)];
    const of = parts.map((part) => {
      const recipe = find([part], partShape, role);
      if (!recipe) missing.push(part);
      return recipe ?? fresh(part, partShape, role);
    });
    return { kind: 'concat', of, axis: 0 } as const;
  };
  const backing: WeightBacking = {
    has: (key) => checkpoint.has(key),
    resolve(keys, shape, role, parts = []) {
      const key = keys[0]!;
      const found = find(keys, shape, role) ?? findParts(parts, shape, role);
      if (!found) missing.push(keys.join(' or '));
      const recipe = found ?? fresh(key, shape, role);
      if (found || partial) mapped.set(key, { key, shape, role, recipe });
      return recipe;
    },
    lazy: (recipe) => weightTensor(recipe, readStored),
    ignore: (prefix, keys) => ignored.push(...keys.map((key) => ({ prefix, key }))),
  };
  const tree = weights(createWeightMap(backing));
  const isIgnored = (key: string) =>
    ignored.some(({ prefix, key: rule }) => {
      if (!key.startsWith(prefix)) return false;
      const rest = key.slice(prefix.length);
      return typeof rule === 'string' ? rest === rule || rest.startsWith(`${rule}.`) : rule.test(rest);
    });
  const unexpected = checkpoint.keys().filter((key) => !used.has(key) && !isIgnored(key));
  const { foreignNames } = checkpoint;
  return { tree, mapped: [...mapped.values()], missing, unexpected, misshaped, ...(foreignNames && { foreignNames }) };
}

function fresh(key: string, shape: readonly number[], role: WeightRole): WeightRecipe {
  return { kind: 'values', dtype: 'F32', shape, read: async () => randomValues(key, shape, role, freshSeed) };
}

/** @throws {CheckpointError} `keys-mismatch` with everything that does not fit. */
export function assertFits(fit: CheckpointFit<unknown>, source: string, model: string): void {
  const { missing, unexpected, misshaped, foreignNames = [] } = fit;
  if (missing.length + unexpected.length + misshaped.length === 0) return;
  const parts = [
    describe('missing', missing),
    describe('unexpected', unexpected),
    describe(
      'of another shape',
      misshaped.map(
        ({ key, expected, actual }) => `${key} (expected [${expected.join(', ')}], found [${actual.join(', ')}])`,
      ),
    ),
  ].filter((part) => part !== '');
  const hidden = missing.length > 0 && foreignNames.length > 0 ? ` ${describeForeignNames(foreignNames)}` : '';
  throw new CheckpointError('keys-mismatch', `${source} does not fit ${model}: ${parts.join('; ')}.${hidden}`, {
    source,
    missing,
    unexpected,
    misshaped,
  });
}

const listedNames = 8;

function describe(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > listedNames ? ` and ${names.length - listedNames} more` : '';
  return `${names.length} ${what}: ${names.slice(0, listedNames).join(', ')}${more}`;
}
