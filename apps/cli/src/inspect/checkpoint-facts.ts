import { stat, readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { openCheckpoint, sha256OfFile, type Checkpoint, type Json } from '@tesserae/core';
import { imageTokenizers } from '@tesserae/image';
import type { Facts } from './facts';

/** Format, tensors and digests of a checkpoint, the system and preset that it fits, and what is missing. */
export async function checkpointFacts(path: string, signal: AbortSignal): Promise<Facts> {
  const source = isAbsolute(path) || path.startsWith('.') ? path : `./${path}`;
  const { system, preset, problems } = await imageTokenizers.inspect(source, { signal });
  const files = (await stat(path)).isFile() ? [path] : await checkpointFiles(path);
  const checkpoint = files.length === 1 ? await openCheckpoint(files[0]!, { signal }) : undefined;
  try {
    return {
      file: path,
      kind: 'checkpoint',
      ...(checkpoint && (await tensorFacts(checkpoint, signal))),
      system: system ?? 'none that is known here',
      preset: preset ?? 'none fits exactly',
      ...(problems.length > 0 && { problems }),
    };
  } finally {
    await checkpoint?.close();
  }
}

/** Weight files of a folder; an index of shards stands for all of them. */
async function checkpointFiles(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).toSorted();
  const index = names.find((name) => name.endsWith('.index.json'));
  const official = names.filter((name) => name === 'model.safetensors' || name === 'pytorch_model.bin');
  const others = names.filter((name) => /\.(safetensors|bin|pth|pt|ckpt|th|jit)$/.test(name));
  const found = index !== undefined ? [index] : official.length > 0 ? official.slice(0, 1) : others;
  return found.map((name) => join(folder, name));
}

async function tensorFacts(checkpoint: Checkpoint, signal: AbortSignal): Promise<Facts> {
  const keys = checkpoint.keys();
  const elements = (key: string) => checkpoint.shape(key).reduce((product, length) => product * length, 1);
  const files: Json[] = [];
  for (const { path, bytes } of checkpoint.files)
    files.push({ path, bytes, sha256: await sha256OfFile(path, { signal }) });
  return {
    format: checkpoint.format,
    files,
    tensors: keys.length,
    parameters: keys.reduce((sum, key) => sum + elements(key), 0),
    dtypes: [...new Set(keys.map((key) => dtypeOf(checkpoint, key)))],
    shapes: keys.map((key) => `${key} [${checkpoint.shape(key).join(', ')}]`),
  };
}

function dtypeOf(checkpoint: Checkpoint, key: string): string {
  try {
    return checkpoint.dtype(key);
  } catch {
    return 'unsupported';
  }
}
