import { platform } from '#platform';
import { canonicalJson } from './canonical-json';
import { evaluateRecipe, type StoredReader } from './evaluate-recipe';
import { elementCount } from './recipes';
import type { MappedTensor } from './weight-map';
import { recipeShape, type WeightRecipe } from './weight-recipe';

/** Values of each tensor that the fingerprint covers; a codebook is covered whole. */
const coveredValues = 64;
/** Hexadecimal digits of an identity. */
const digits = 16;

/**
 * Identity of weights: independent of the file format and of the half that is loaded.
 *
 * The first 16 hex digits of SHA-256 over key, shape and first 64 float32 values of every mapped tensor in key order,
 * the whole of every codebook (architecture 2.5).
 */
export async function fingerprint(
  mapped: readonly MappedTensor[],
  readStored: StoredReader,
  signal?: AbortSignal,
): Promise<string> {
  const ordered = mapped.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  // Codebooks may be large: each is let go when the hash has it.
  const hash = platform.createHash('sha256');
  const text = new TextEncoder();
  for (const { key, shape, role, recipe } of ordered) {
    hash.update(text.encode(`${key}[${shape.join(',')}]\n`));
    const count = role === 'codebook' ? elementCount(shape) : Math.min(coveredValues, elementCount(shape));
    const covered = await firstValues(recipe, count, readStored, signal);
    hash.update(new Uint8Array(covered.buffer));
  }
  return hash.digest().slice(0, digits);
}

/**
 * Of stored bytes no more than needed is read; of a stored matrix with its axes exchanged, the rows that the values lie in;
 * of a tensor in pieces (stacked along the first axis), the first pieces.
 */
async function firstValues(
  recipe: WeightRecipe,
  count: number,
  readStored: StoredReader,
  signal: AbortSignal | undefined,
): Promise<Float32Array<ArrayBuffer>> {
  if (recipe.kind === 'stored') return new Float32Array(await readStored({ ...recipe, shape: [count] }, signal));
  if (recipe.kind === 'permute' && recipe.of.kind === 'stored' && recipe.of.shape.length === 2) {
    const [rows = 0, columns = 0] = recipe.of.shape;
    if (count <= rows && recipe.axes[0] === 1) {
      const read = await readStored({ ...recipe.of, shape: [count, columns] }, signal);
      return Float32Array.from({ length: count }, (_, row) => read[row * columns]!);
    }
  }
  if (recipe.kind !== 'concat')
    return new Float32Array((await evaluateRecipe(recipe, readStored, signal)).subarray(0, count));
  const values = new Float32Array(count);
  let position = 0;
  for (const part of recipe.of) {
    const wanted = Math.min(count - position, elementCount(recipeShape(part)));
    values.set(await firstValues(part, wanted, readStored, signal), position);
    position += wanted;
    if (position === count) break;
  }
  return values;
}

/** Identity of weights that are a function of a configuration and a seed. */
export async function seedFingerprint(config: unknown, seed: number): Promise<string> {
  const hash = platform.createHash('sha256');
  hash.update(new TextEncoder().encode(canonicalJson({ config, seed })));
  return hash.digest().slice(0, digits);
}
