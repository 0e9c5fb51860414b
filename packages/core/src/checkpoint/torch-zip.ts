import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import type { Checkpoint } from './checkpoint';
import { createCheckpoint } from './create-checkpoint';
import { unpickle } from './pickle';
import type { PickleStorage, PickleValue } from './pickle-values';
import type { TensorStorage } from './tensor-storage';
import { pickledContents, storageBytes, torchEntries, usedStorages, withPickleErrors } from './torch-entries';
import { torchCall, torchStorage } from './torch-names';
import type { ZipMember } from './zip-directory';
import { memberStorage, readMember } from './zip-member';

/** `data.pkl` holds no weights: the largest known ones have a few megabytes. */
const maximumPickleBytes = 256 * 1024 * 1024;
const readsAtOnce = 16;

/** Folder prefix of the archive (`archive/`), where it is one of torch; undefined otherwise. */
export function torchArchivePrefix(members: ReadonlyMap<string, ZipMember>): string | undefined {
  let shortest: string | undefined;
  for (const name of members.keys()) {
    if (name !== 'data.pkl' && !name.endsWith('/data.pkl')) continue;
    const prefix = name.slice(0, -'data.pkl'.length);
    if (shortest === undefined || prefix.length < shortest.length) shortest = prefix;
  }
  return shortest;
}

/**
 * Opens a torch archive (`torch.save` since 1.6, or TorchScript): reads the directory, `data.pkl` and the local
 * headers of the storages that tensors use. Constants of TorchScript code are no part of a state dict; only where a
 * module has no other tensors (a frozen one) are they given, as `CONSTANTS.c0`, the name that the code uses.
 *
 * @throws {CheckpointError} `malformed`, `unsupported-format` (big-endian), `limit-exceeded`.
 */
export async function openTorchZip(
  source: ByteSource,
  members: ReadonlyMap<string, ZipMember>,
  prefix: string,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const { name } = source;
  await refuseBigEndian(source, members.get(`${prefix}byteorder`), signal);
  const root = await readPickle(source, members.get(`${prefix}data.pkl`)!, signal);
  const { tensors, metadata } = pickledContents(name, root);
  const constants = members.get(`${prefix}constants.pkl`);
  // A frozen TorchScript module has no parameters left: its weights are constants of the code.
  const frozen = constants && tensors.size === 0;
  const used = frozen ? await readConstants(source, constants, signal) : tensors;
  const folder = `${prefix}${frozen ? 'constants' : 'data'}/`;
  const placed = await placeStorages(source, members, folder, usedStorages(used), signal);
  return createCheckpoint({
    source: name,
    format: constants ? 'torchscript' : 'torch-zip',
    entries: torchEntries(name, used, (storage) => placed.get(storage.key)!),
    metadata,
    files: source.file === undefined ? [] : [{ path: source.file, bytes: source.size }],
    close: () => source.close(),
  });
}

async function readPickle(
  source: ByteSource,
  member: ZipMember,
  signal: AbortSignal | undefined,
): Promise<PickleValue> {
  const bytes = await readMember(source, member, { maximumBytes: maximumPickleBytes }, signal);
  return withPickleErrors(source.name, () => unpickle(bytes, { persistent: torchStorage, call: torchCall }).value);
}

async function readConstants(source: ByteSource, member: ZipMember, signal: AbortSignal | undefined) {
  const { tensors } = pickledContents(source.name, await readPickle(source, member, signal));
  return new Map([...tensors].map(([position, tensor]) => [`CONSTANTS.c${position}`, tensor]));
}

async function refuseBigEndian(
  source: ByteSource,
  member: ZipMember | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!member) return;
  const order = new TextDecoder().decode(await readMember(source, member, { maximumBytes: 64 }, signal));
  if (order === 'little') return;
  throw new CheckpointError(
    'unsupported-format',
    `${source.name}: expected little-endian tensors, got ${JSON.stringify(order)}.`,
    {
      source: source.name,
    },
  );
}

async function placeStorages(
  source: ByteSource,
  members: ReadonlyMap<string, ZipMember>,
  folder: string,
  used: ReadonlyMap<string, readonly PickleStorage[]>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, TensorStorage>> {
  const placed = new Map<string, TensorStorage>();
  const place = async ([key, storages]: readonly [string, readonly PickleStorage[]]) => {
    const member = members.get(folder + key);
    const needed = storages.reduce((most, storage) => Math.max(most, storageBytes(storage)), 0);
    if (!member || member.bytes < needed) {
      throw new CheckpointError(
        'malformed',
        `${source.name}: expected a member ${folder}${key} of ${needed} bytes, got ${member ? `${member.bytes} bytes` : 'none'}.`,
        { source: source.name },
      );
    }
    placed.set(key, await memberStorage(source, member, signal));
  };
  const waiting = [...used];
  for (let start = 0; start < waiting.length; start += readsAtOnce) {
    signal?.throwIfAborted();
    await Promise.all(waiting.slice(start, start + readsAtOnce).map(place));
  }
  return placed;
}
