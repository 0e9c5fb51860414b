import { createHash } from 'node:crypto';
import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { FormulaTensor } from './formula-weights';

/** Elements generated at a time: 16 MiB. */
const blockElements = 4 * 2 ** 20;

const bytesPerElement = { F32: 4, I64: 8 } as const;

/**
 * Writes weights by formula to a safetensors file in the temporary folder, once, and returns its path. The file is
 * named by what it is made of, appears whole (written beside, then renamed) and is used again by later runs.
 *
 * @param parts - What determines the values: `weights.json` and the io file, or the formula itself.
 */
export async function formulaWeightsFile(
  tensors: readonly FormulaTensor[],
  parts: readonly (string | Uint8Array)[],
): Promise<string> {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const folder = await privateFolder();
  const path = join(folder, `${hash.digest('hex').slice(0, 32)}.safetensors`);
  const { header, totalBytes } = layOut(tensors);
  const found = await stat(path).catch(() => undefined);
  if (found?.size === totalBytes) return path;

  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(header);
      for (const tensor of tensors) await writeTensor(file, tensor);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return path;
}

/** `tesserae-parity-<user>` in the temporary folder, closed to others, who must not be able to plant weights. */
async function privateFolder(): Promise<string> {
  const folder = join(tmpdir(), `tesserae-parity-${userInfo().username}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  return folder;
}

function layOut(tensors: readonly FormulaTensor[]): { readonly header: Uint8Array; readonly totalBytes: number } {
  let position = 0;
  const entries = tensors.map(({ key, dtype, shape }) => {
    const begin = position;
    position += elementCount(shape) * bytesPerElement[dtype];
    return [key, { dtype, shape, data_offsets: [begin, position] }];
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  // Padded with spaces, as the official writer does, so that the data begins aligned.
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const header = new Uint8Array(8 + text.length);
  new DataView(header.buffer).setBigUint64(0, BigInt(text.length), true);
  header.set(text, 8);
  return { header, totalBytes: header.length + position };
}

async function writeTensor(file: Awaited<ReturnType<typeof open>>, tensor: FormulaTensor): Promise<void> {
  const count = elementCount(tensor.shape);
  if (tensor.dtype === 'I64') {
    await file.writeFile(new Uint8Array(count * bytesPerElement.I64));
    return;
  }
  const block = new Float32Array(Math.min(count, blockElements));
  for (let start = 0; start < count; start += block.length) {
    const values = block.subarray(0, Math.min(block.length, count - start));
    tensor.fill(values, start);
    await file.writeFile(new Uint8Array(values.buffer, 0, values.byteLength));
  }
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}
