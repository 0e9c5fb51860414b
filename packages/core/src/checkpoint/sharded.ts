import { CheckpointError } from '../errors';
import type { Json } from '../signal/signal';
import type { ByteSource } from './byte-source';
import type { Checkpoint } from './checkpoint';
import { isInnerFile } from './inner-path';
import { duplicateJsonKey, jsonExcess } from './json-header';
import { rawReaderOf, withRawReader } from './raw-bytes';

const maximumIndexBytes = 100_000_000;
const maximumShards = 10_000;
/** 500,000 tensors; metadata of some depth. */
const indexBounds = { depth: 32, containers: 10_000, values: 500_000 };
const opensAtOnce = 8;

export interface ShardIndex {
  /** File of each tensor, relative to the index. */
  readonly files: ReadonlyMap<string, string>;
  readonly metadata: Json;
}

/** Reads `model.safetensors.index.json`; undefined where it is JSON of another kind. @throws {CheckpointError} */
export async function readShardIndex(source: ByteSource, signal?: AbortSignal): Promise<ShardIndex | undefined> {
  const fail = (expected: string, actual: string, code: 'malformed' | 'limit-exceeded' = 'malformed'): never => {
    throw new CheckpointError(code, `${source.name}: shard index: expected ${expected}, got ${actual}.`, {
      source: source.name,
    });
  };
  if (source.size > maximumIndexBytes) return fail(`at most ${maximumIndexBytes} bytes`, `${source.size}`);
  let index: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await source.read(0, source.size, signal));
    const excess = jsonExcess(text, indexBounds);
    if (excess !== undefined) return fail(excess.expected, excess.actual, 'limit-exceeded');
    index = JSON.parse(text);
    const twice = duplicateJsonKey(text);
    if (twice !== undefined) fail('every key once', `${twice} twice`);
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    return undefined;
  }
  const { weight_map: map, metadata } = index as { readonly weight_map?: unknown; readonly metadata?: Json };
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return undefined;
  const files = new Map<string, string>();
  for (const [key, file] of Object.entries(map)) {
    // A name beside the index; what would lead elsewhere is an attack.
    if (typeof file !== 'string' || !isInnerFile(file)) {
      return fail(
        `the file of ${key} beside the index`,
        typeof file === 'string' ? JSON.stringify(file.slice(0, 80)) : typeof file,
      );
    }
    files.set(key, file);
  }
  if (new Set(files.values()).size > maximumShards) fail(`at most ${maximumShards} files`, 'more');
  return { files, metadata: metadata ?? {} };
}

/**
 * Joins shards to one checkpoint: keys in the order of the index, then those that it does not name.
 *
 * @throws {CheckpointError} `keys-mismatch` where shards lack tensors that the index names.
 */
export async function joinShards(
  source: string,
  index: ShardIndex,
  openShard: (file: string) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  const names = [...new Set(index.files.values())].sort();
  const shards = new Map<string, Checkpoint>();
  const closeAll = async () => {
    for (const shard of shards.values()) await shard.close();
  };
  try {
    for (let start = 0; start < names.length; start += opensAtOnce) {
      const opened = await Promise.allSettled(
        names.slice(start, start + opensAtOnce).map(async (name) => shards.set(name, await openShard(name))),
      );
      const failed = opened.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    }
    const owners = new Map<string, Checkpoint>();
    const missing: string[] = [];
    for (const [key, file] of index.files) {
      const shard = shards.get(file)!;
      if (shard.has(key)) owners.set(key, shard);
      else missing.push(key);
    }
    if (missing.length > 0) {
      throw new CheckpointError(
        'keys-mismatch',
        `${source}: ${missing.length} tensors are not in the file that the index names: ${missing.slice(0, 8).join(', ')}.`,
        {
          source,
          missing,
        },
      );
    }
    for (const name of names) {
      const shard = shards.get(name)!;
      for (const key of shard.keys()) {
        const owner = owners.get(key) ?? shard;
        if (owner !== shard)
          throw new CheckpointError('malformed', `${source}: expected ${key} in one file, got it in ${name} as well.`, {
            source,
          });
        owners.set(key, shard);
      }
    }
    return joined(source, index.metadata, owners, [...shards.values()], closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function joined(
  source: string,
  metadata: Json,
  owners: ReadonlyMap<string, Checkpoint>,
  shards: readonly Checkpoint[],
  close: () => Promise<void>,
): Checkpoint {
  const owner = (key: string): Checkpoint => {
    const found = owners.get(key);
    if (found) return found;
    throw new CheckpointError('not-found', `${source}: expected a tensor ${key}, got ${owners.size} others.`, {
      source,
      missing: [key],
    });
  };
  const foreignNames = [...new Set(shards.flatMap((shard) => shard.foreignNames ?? []))];
  const checkpoint: Checkpoint = {
    source,
    format: 'safetensors-sharded',
    metadata,
    ...(foreignNames.length > 0 && { foreignNames }),
    files: shards.flatMap(({ files }) => files),
    keys: () => [...owners.keys()],
    has: (key) => owners.has(key),
    shape: (key) => owner(key).shape(key),
    dtype: (key) => owner(key).dtype(key),
    tensor: (key) => owner(key).tensor(key),
    close,
  };
  return withRawReader(
    checkpoint,
    rawReaderOf((key) => ({ checkpoint: owner(key), key })),
  );
}
