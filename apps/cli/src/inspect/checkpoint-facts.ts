import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import {
  type Checkpoint,
  embeddedConfigs,
  type Inspection,
  type Json,
  openCheckpoint,
  sha256OfFile,
} from '@tesserae/core';
import { weightFiles } from '../io/checkpoint-file';
import { modalities } from '../modality/modalities';
import type { Facts } from './facts';

/** Format, tensors and digests of a checkpoint, the system and preset that it fits, and what is missing. */
export async function checkpointFacts(path: string, signal: AbortSignal): Promise<Facts> {
  const source = isAbsolute(path) || path.startsWith('.') ? path : `./${path}`;
  const { system, preset, problems } = await inspectionOf(source, signal);
  const files = (await stat(path)).isFile() ? [path] : (await weightFiles(path)).map((name) => join(path, name));
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

/** Of the kind of signal whose systems know the most of its tensors. */
async function inspectionOf(source: string, signal: AbortSignal): Promise<Inspection> {
  const found: Inspection[] = [];
  for (const modality of modalities) found.push(await (await modality.registry()).inspect(source, { signal }));
  const order = ({ system, preset, problems }: Inspection) =>
    preset !== null ? -1 : system === null ? Number.POSITIVE_INFINITY : problems.length;
  return found.toSorted((a, b) => order(a) - order(b))[0]!;
}

const bytesPerElement: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};
const unreadable = 'unreadable';

async function tensorFacts(checkpoint: Checkpoint, signal: AbortSignal): Promise<Facts> {
  const tensors = checkpoint.keys().map((key) => {
    const shape = checkpoint.shape(key);
    const dtype = dtypeOf(checkpoint, key);
    return { key, shape, dtype, elements: shape.reduce((product, length) => product * length, 1) };
  });
  const files: Json[] = [];
  for (const { path, bytes } of checkpoint.files)
    files.push({ path, bytes, sha256: await sha256OfFile(path, { signal }) });
  const configs = embeddedConfigs(checkpoint).map(({ path }) => path);
  const fields = Object.keys(checkpoint.metadata ?? {});
  const code = checkpoint.foreignNames ?? [];
  const dtypes = [...new Set(tensors.map(({ dtype }) => dtype))];
  const sum = (list: readonly { readonly elements: number }[]) =>
    list.reduce((total, { elements }) => total + elements, 0);
  return {
    format: checkpoint.format,
    files,
    tensors: tensors.length,
    parameters: sum(tensors),
    dtypes,
    sizes: dtypes.map((dtype) => {
      const list = tensors.filter((tensor) => tensor.dtype === dtype);
      const bytes = dtype === unreadable ? null : sum(list) * bytesPerElement[dtype]!;
      return { dtype, tensors: list.length, parameters: sum(list), bytes };
    }),
    ...(fields.length > 0 && { metadata: fields }),
    ...(configs.length > 0 && { configurations: configs }),
    ...(code.length > 0 && { codeNotRun: code }),
    shapes: tensors.map(({ key, shape, dtype }) => `${key} ${dtype} [${shape.join(', ')}]`),
  };
}

function dtypeOf(checkpoint: Checkpoint, key: string): string {
  try {
    return checkpoint.dtype(key);
  } catch {
    return unreadable;
  }
}
