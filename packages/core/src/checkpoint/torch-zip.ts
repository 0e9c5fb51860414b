import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import type { Checkpoint } from './checkpoint';
import { createCheckpoint } from './create-checkpoint';
import { memberStorage } from './member-storage';
import { unpickle, type Unpickled } from './pickle';
import type { PickleStorage } from './pickle-values';
import type { TensorStorage } from './tensor-storage';
import { toleranceHint, tolerates, type ReaderOptions } from './tolerance';
import {
  type PickledContents,
  pickledContents,
  refuseBareCode,
  storageBytes,
  torchEntries,
  usedStorages,
  withPickleErrors,
} from './torch-entries';
import { torchCall, torchStorage } from './torch-names';
import type { ZipMember } from './zip-directory';
import { readMember } from './zip-member';

/** `data.pkl` holds no weights: the largest known ones have a few megabytes. */
const maximumPickleBytes = 256 * 1024 * 1024;
const pickleName = 'data.pkl';
/** Twice as large as the weights in training checkpoints, and hardly ever wanted: not even their headers are read. */
const optimizerState = /^(optimizers?|optimizer_states?(_dict)?|optim|opt_state)\./;
const readsAtOnce = 256;

/**
 * Folder prefix of the archive (`archive/`), where it is one of torch; undefined otherwise.
 *
 * @throws {CheckpointError} `malformed` for two archives in one: which of them is read would depend on the reader.
 */
export function torchArchivePrefix(source: ByteSource, members: ReadonlyMap<string, ZipMember>): string | undefined {
  const prefixes = [...members.keys()]
    .filter((name) => name === pickleName || name.endsWith(`/${pickleName}`))
    .map((name) => name.slice(0, -pickleName.length));
  const [shortest, ...others] = prefixes.toSorted((a, b) => a.length - b.length);
  const other = others.find((prefix) => !prefix.startsWith(shortest!));
  if (other === undefined) return shortest;
  throw new CheckpointError(
    'malformed',
    `${source.name}: expected one ${pickleName}, got ${shortest}${pickleName} and ${other}${pickleName}.`,
    { source: source.name },
  );
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
  options: ReaderOptions = {},
): Promise<Checkpoint> {
  const { name } = source;
  const { signal } = options;
  await refuseBigEndian(source, members.get(`${prefix}byteorder`), signal);
  const root = await readPickle(source, members.get(`${prefix}${pickleName}`)!, options);
  const { tensors, metadata, foreignNames } = pickledContents(name, root);
  const constants = members.get(`${prefix}constants.pkl`);
  // A frozen TorchScript module has no parameters left: its weights are constants of the code.
  const frozen = constants && tensors.size === 0;
  const used = frozen ? await readConstants(source, constants, options) : tensors;
  refuseBareCode(name, used.size, foreignNames);
  const folder = `${prefix}${frozen ? 'constants' : 'data'}/`;
  const placed = await placeStorages(source, members, folder, used, signal);
  return createCheckpoint({
    source: name,
    format: constants ? 'torchscript' : 'torch-zip',
    entries: torchEntries(name, used, (storage) => placed.get(storage.key)!),
    metadata,
    foreignNames,
    files: source.file === undefined ? [] : [{ path: source.file, bytes: source.size }],
    close: () => source.close(),
  });
}

async function readPickle(source: ByteSource, member: ZipMember, options: ReaderOptions): Promise<Unpickled> {
  const bytes = await readMember(source, member, { maximumBytes: maximumPickleBytes }, options.signal);
  const read = withPickleErrors(source.name, () =>
    unpickle(bytes, { persistent: torchStorage, call: torchCall }, { fileBytes: source.size }),
  );
  if (read.end !== bytes.length && !tolerates(options, 'trailing-bytes')) {
    throw new CheckpointError(
      'malformed',
      `${source.name}: ${member.name}: expected a pickle of ${bytes.length} bytes, got ${read.end}${toleranceHint('trailing-bytes')}.`,
      { source: source.name },
    );
  }
  return read;
}

async function readConstants(source: ByteSource, member: ZipMember, options: ReaderOptions) {
  const { tensors } = pickledContents(source.name, await readPickle(source, member, options));
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
  used: PickledContents['tensors'],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, TensorStorage>> {
  const weights = usedStorages(new Map([...used].filter(([key]) => !optimizerState.test(key))));
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
    placed.set(key, await memberStorage(source, member, { signal, untouched: !weights.has(key) }));
  };
  const waiting = [...usedStorages(used)];
  for (let start = 0; start < waiting.length; start += readsAtOnce) {
    signal?.throwIfAborted();
    await Promise.all(waiting.slice(start, start + readsAtOnce).map(place));
  }
  return placed;
}
