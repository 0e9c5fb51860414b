import { CheckpointError, type MisshapedTensor } from '../errors';
import type { Checkpoint } from './checkpoint';
import { weightTensor, type StoredReader } from './evaluate-recipe';
import { randomValues } from './random-weights';
import { createWeightMap, type WeightBacking, type MappedTensor, type WeightMap } from './weight-map';
import type { WeightRecipe } from './weight-recipe';

/** How well a checkpoint fits a model: everything that is wrong, found from headers alone. */
export interface CheckpointFit<Tree> {
  readonly tree: Tree;
  readonly mapped: readonly MappedTensor[];
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshaped: readonly MisshapedTensor[];
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
  const missing: string[] = [];
  const misshaped: MisshapedTensor[] = [];
  const ignored: { readonly prefix: string; readonly key: string | RegExp }[] = [];
  const backing: WeightBacking = {
    has: (key) => checkpoint.has(key),
    resolve(keys, shape, role) {
      const key = keys.find((candidate) => checkpoint.has(candidate));
      const absent: WeightRecipe = {
        kind: 'values',
        dtype: 'F32',
        shape,
        read: async () => randomValues(keys[0]!, shape, role, freshSeed),
      };
      if (key === undefined) {
        missing.push(keys.join(' or '));
        if (partial) mapped.set(keys[0]!, { key: keys[0]!, shape, role, recipe: absent });
        return absent;
      }
      const actual = checkpoint.shape(key);
      if (actual.length !== shape.length || actual.some((length, axis) => length !== shape[axis])) {
        misshaped.push({ key, expected: shape, actual });
        mapped.set(key, { key, shape, role, recipe: absent });
        return absent;
      }
      const { recipe } = checkpoint.tensor(key);
      mapped.set(key, { key, shape, role, recipe });
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
  const unexpected = checkpoint.keys().filter((key) => !mapped.has(key) && !isIgnored(key));
  return { tree, mapped: [...mapped.values()], missing, unexpected, misshaped };
}

/** @throws {CheckpointError} `keys-mismatch` with everything that does not fit. */
export function assertFits(fit: CheckpointFit<unknown>, source: string, model: string): void {
  const { missing, unexpected, misshaped } = fit;
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
  throw new CheckpointError('keys-mismatch', `${source} does not fit ${model}: ${parts.join('; ')}.`, {
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
