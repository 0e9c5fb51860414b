import type { StoredReader } from './evaluate-recipe';
import { elementCount } from './recipes';
import type { MappedTensor } from './weight-map';

/** Values of each tensor that the fingerprint covers; a codebook is covered whole. */
const coveredValues = 64;

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
  const parts: Uint8Array[] = [];
  const text = new TextEncoder();
  for (const { key, shape, role, recipe } of ordered) {
    parts.push(text.encode(`${key}[${shape.join(',')}]\n`));
    const count = role === 'codebook' ? elementCount(shape) : Math.min(coveredValues, elementCount(shape));
    const head = recipe.kind === 'stored' ? await readStored({ ...recipe, shape: [count] }, signal) : undefined;
    const values = head ?? (recipe.kind === 'values' ? await recipe.read(signal) : new Float32Array());
    const covered = Float32Array.from(values.subarray(0, count));
    parts.push(new Uint8Array(covered.buffer));
  }
  return hexDigest(concatBytes(parts));
}

/** Identity of weights that are a function of a configuration and a seed. */
export function seedFingerprint(config: unknown, seed: number): Promise<string> {
  return hexDigest(new TextEncoder().encode(JSON.stringify({ config, seed })));
}

async function hexDigest(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
}
