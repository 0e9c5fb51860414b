import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@tesserae/core/data';

/**
 * The weight file of a folder (an index of shards stands for all of them), or the path itself.
 *
 * @throws {InputError} `unreadable` where nothing is there; a folder that holds none or several.
 */
export async function checkpointFile(path: string): Promise<string> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(path, 'a readable file or folder', cause.code ?? 'an error', { code: 'unreadable', cause });
  });
  if (!found.isDirectory()) return path;
  const names = await weightFiles(path);
  if (names.length === 1) return join(path, names[0]!);
  throw new InputError(path, 'a folder with one weight file', names.length === 0 ? 'none' : names.join(', '));
}

/** Names of the weight files of a folder; an index or a file of the usual name stands for all. */
export async function weightFiles(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).toSorted();
  const index = names.find((name) => name.endsWith('.index.json'));
  const official = names.filter((name) => name === 'model.safetensors' || name === 'pytorch_model.bin');
  const others = names.filter((name) => /\.(safetensors|bin|pth|pt|ckpt|th|jit|onnx|npz)$/.test(name));
  return index !== undefined ? [index] : official.length > 0 ? official.slice(0, 1) : others;
}
