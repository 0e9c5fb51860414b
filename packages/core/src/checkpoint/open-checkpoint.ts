import { platform } from '#platform';
import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import type { Checkpoint } from './checkpoint';
import { selectNested } from './nesting';
import { looksLikeNpy, npzMembers, openNpy, openNpz } from './npz';
import { looksLikeOnnx, openOnnx } from './onnx-initializers';
import { openByteSource, type CheckpointInput } from './open-byte-source';
import { looksLikeSafetensors, openSafetensors } from './safetensors';
import { joinShards, readShardIndex } from './sharded';
import type { ReaderOptions } from './tolerance';
import { looksLikePickle, openTorchLegacy } from './torch-legacy';
import { openTorchZip, torchArchivePrefix } from './torch-zip';
import { looksLikeZip, readZipDirectory } from './zip-directory';

export interface OpenCheckpointOptions extends ReaderOptions {
  /** Path of the dictionary to take tensors from, `['state_dict']`; default: all, under dotted keys. */
  readonly nesting?: readonly string[];
  /** What messages call the source; default: its path or URL. */
  readonly name?: string;
  /** Shards of an index that is no path and no URL, by the names that it has for them. */
  readonly shards?: ReadonlyMap<string, Blob>;
}

/**
 * Opens a checkpoint and reads its headers, nothing else. The format is decided by content, never by the name:
 * safetensors, torch archives, old torch pickles, TorchScript, ONNX, npz, npy.
 *
 * Bytes and Blobs over 64 MiB are spooled to a private temporary file, removed by `close`.
 *
 * @param input - A path, a `file:` or `http(s):` URL (ranged reads), bytes or a Blob.
 * @throws {CheckpointError} `malformed`, `unsupported-format`, `limit-exceeded`; `not-found` for `nesting`.
 * @throws {InputError} `unreadable`.
 */
export async function openCheckpoint(input: CheckpointInput, options: OpenCheckpointOptions = {}): Promise<Checkpoint> {
  const { signal, nesting = [] } = options;
  const source = await openByteSource(input, options);
  try {
    const checkpoint = (await openShards(input, source, options)) ?? (await openByContent(source, options));
    return selectNested(checkpoint, nesting);
  } catch (error) {
    await source.close();
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Opens the shards that `model.safetensors.index.json` (or `pytorch_model.bin.index.json`) names, as one checkpoint.
 *
 * @param indexFile - Path or URL of the index; the shards lie beside it.
 * @throws {CheckpointError} As {@link openCheckpoint}; `keys-mismatch` where a shard lacks tensors.
 */
export async function openShardedCheckpoint(
  indexFile: string | URL,
  options: OpenCheckpointOptions = {},
): Promise<Checkpoint> {
  const checkpoint = await openCheckpoint(indexFile, options);
  if (checkpoint.format === 'safetensors-sharded') return checkpoint;
  await checkpoint.close();
  throw new CheckpointError(
    'unsupported-format',
    `${checkpoint.source}: expected an index of shards, got ${checkpoint.format}.`,
    {
      source: checkpoint.source,
    },
  );
}

/** Undefined where the source is no index, or has nothing beside it. */
async function openShards(
  input: CheckpointInput,
  source: ByteSource,
  options: OpenCheckpointOptions,
): Promise<Checkpoint | undefined> {
  const { signal, shards } = options;
  if (typeof input !== 'string' && !(input instanceof URL) && !shards) return undefined;
  const [first] = await source.read(0, Math.min(1, source.size), signal);
  const index = first === 0x7b ? await readShardIndex(source, signal) : undefined;
  if (!index) return undefined;
  await source.close();
  return joinShards(source.name, index, async (file) => {
    const shard = await openByteSource(placeOf(file, input, shards), { ...(signal && { signal }), name: file });
    // By content again, but no index: one that names itself would never end.
    return openByContent(shard, options).catch(async (error: unknown) => {
      await shard.close();
      throw error;
    });
  });
}

function placeOf(file: string, input: CheckpointInput, shards: OpenCheckpointOptions['shards']): CheckpointInput {
  if (typeof input === 'string') return platform.joinPath(platform.folderOf(input), file);
  if (input instanceof URL) return new URL(file.split('/').map(encodeURIComponent).join('/'), input);
  const shard = shards?.get(file);
  if (shard) return shard;
  throw new CheckpointError('malformed', `shard index: ${file} is not among the files that were given.`, {
    source: file,
  });
}

async function openByContent(source: ByteSource, options: ReaderOptions): Promise<Checkpoint> {
  const { signal } = options;
  const head = await source.read(0, Math.min(source.size, 512), signal);
  if (looksLikeSafetensors(head)) return openSafetensors(source, options);
  if (looksLikeZip(head)) {
    const members = await readZipDirectory(source, options);
    const prefix = torchArchivePrefix(source, members);
    if (prefix !== undefined) return openTorchZip(source, members, prefix, options);
    const arrays = npzMembers(members);
    if (arrays.length > 0) return openNpz(source, arrays, signal);
    throw unsupported(source, `a zip archive of ${[...members.keys()].slice(0, 3).join(', ') || 'nothing'}`);
  }
  if (looksLikePickle(head)) return openTorchLegacy(source, options);
  if (looksLikeNpy(head)) return openNpy(source, signal);
  if (looksLikeOnnx(head)) return openOnnx(source, signal);
  throw unsupported(source, describe(head));
}

function unsupported(source: ByteSource, actual: string): CheckpointError {
  return new CheckpointError(
    'unsupported-format',
    `${source.name}: expected a checkpoint (safetensors, torch, TorchScript, ONNX, npz), got ${actual}.`,
    { source: source.name },
  );
}

/** First bytes of files that may hold weights, but in no form that is read here. */
const containers: Readonly<Record<string, string>> = {
  '\x89HDF\r\n': 'an HDF5 file (Keras)',
  GGUF: 'a GGUF file',
  '7z\xbc\xaf': 'a 7z archive: unpack it first',
  'Rar!': 'a RAR archive: unpack it first',
  '(\xb5/\xfd': 'a Zstandard file: unpack it first',
};

/** What a file is that holds no weights: the usual failures of downloads. */
function describe(head: Uint8Array): string {
  if (head.length === 0) return 'an empty file';
  const text = new TextDecoder().decode(head.subarray(0, 64));
  const latin1 = String.fromCharCode(...head);
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer: the file itself was not downloaded';
  if (/^\s*<(!doctype|html)/i.test(text)) return 'an HTML page';
  const marks = Object.entries(containers).find(([mark]) => latin1.startsWith(mark));
  if (marks) return marks[1];
  if (latin1.slice(257, 262) === 'ustar') return 'a tar archive (of torch before 0.1.10, or not unpacked)';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'a gzip file: unpack it first';
  return `the bytes ${Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}
