import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomValues, randomWeights } from '../../../packages/core/src/checkpoint/random-weights';
import type { MappedTensor, WeightMap } from '../../../packages/core/src/checkpoint/weight-map';
import { platform } from '../../../packages/core/src/platform/node';

const seed = 1;
const bytesPerValue = 4;

/** A model as its weights are declared. */
export interface DeclaredModel {
  /** Of the folder that its file lies in. */
  readonly name: string;
  readonly weights: (map: WeightMap) => unknown;
}

/**
 * A safetensors file in official layout with seeded random weights of the published size. Made once and kept
 * below `folder`, alone in a folder of its own; the size is checked.
 *
 * @returns The path of the file.
 */
export async function weightFile(
  { name, weights }: DeclaredModel,
  folder: string,
  onWrite: (path: string, bytes: number) => void,
): Promise<string> {
  const { mapped } = randomWeights(weights, seed);
  const header = safetensorsHeader(mapped);
  const bytes = header.length + mapped.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  const path = join(folder, `seed-${seed}`, name, 'model.safetensors');
  if (existsSync(path) && statSync(path).size === bytes) return path;
  onWrite(path, bytes);
  await platform.writeFileAtomically(path, fileParts(header, mapped));
  return path;
}

/** Length, then JSON padded with spaces so that the data behind it is aligned to 8 bytes. */
export function safetensorsHeader(tensors: readonly Pick<MappedTensor, 'key' | 'shape'>[]): Uint8Array {
  const entries: Record<string, unknown> = {};
  let offset = 0;
  for (const tensor of tensors) {
    const end = offset + tensorBytes(tensor);
    entries[tensor.key] = { dtype: 'F32', shape: tensor.shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = JSON.stringify(entries);
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const header = new Uint8Array(8 + json.length);
  new DataView(header.buffer).setBigUint64(0, BigInt(json.length), true);
  header.set(json, 8);
  return header;
}

function tensorBytes({ shape }: Pick<MappedTensor, 'shape'>): number {
  return shape.reduce((product, length) => product * length, bytesPerValue);
}

/** One tensor in memory at a time. */
function* fileParts(header: Uint8Array, tensors: readonly MappedTensor[]): Generator<Uint8Array> {
  yield header;
  for (const { key, shape, role } of tensors) {
    const { buffer } = randomValues(key, shape, role, seed);
    yield new Uint8Array(buffer);
  }
}
