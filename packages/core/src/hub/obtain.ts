import { openByteSource } from '../checkpoint/open-byte-source';
import { readShardIndex } from '../checkpoint/sharded';
import type { RunOptions } from '../engine/run-options';
import { PretrainedError } from '../errors/pretrained-error';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { megabytes } from './license-notice';
import { listRepository } from './list-repository';
import { cardLimitBytes, cardName } from './model-card';
import type { HubFile } from './remote-file';
import { resolveFile } from './resolve-file';
import type { HubOptions, HubSettings } from './settings';
import { storeFile, type StoredFile } from './store-file';
import { chooseWeightFile, configNamesFor } from './weight-names';

export interface Wanted {
  /** As the user named it. */
  readonly source: string;
  readonly repository: string;
  readonly revision: string;
  /** Weight file; absent = the usual names are looked for. */
  readonly file?: string;
  /** License where it is known beforehand; otherwise the model card's. */
  readonly license?: WeightLicense;
  /** Bytes in memory of each model function, to be told before the download. */
  readonly memory?: Readonly<Record<string, number>>;
  /** What the bytes must be, where that is published. */
  readonly sha256?: string;
  readonly bytes?: number;
}

export type ObtainOptions = RunOptions & Pick<HubOptions, 'onLicense'>;

/** Files that lie in the cache now. */
export interface Obtained {
  /** The weight file, or the index of its shards: a path, in browsers a Blob. */
  readonly weights: string | Blob;
  /** Where in the repository it lies. */
  readonly weightFile: string;
  readonly commit: string;
  readonly files: readonly HubFile[];
  /** Where each of the files lies. */
  readonly stored: ReadonlyMap<string, StoredFile>;
  readonly license: WeightLicense;
}

/**
 * Downloads what is missing of a model's files: the weights, all shards where there is an index, and the
 * configuration beside them.
 *
 * @throws {PretrainedError} `not-found`, `ambiguous`, `access`, `gated`, `license`, `disk-space`, `download`: the
 * message lists what is still missing.
 */
export async function obtain(settings: HubSettings, wanted: Wanted, options: ObtainOptions): Promise<Obtained> {
  const { source, repository, revision } = wanted;
  const { signal } = options;
  const plan = await choose(settings, wanted, signal);
  const { weights, license } = plan;
  assertPublished(weights, wanted);
  const pinned = { source, repository, revision: weights.commit, signal };
  const stored = new Map<string, StoredFile>();
  const files: HubFile[] = [];
  const store = async (file: HubFile, isWeights: boolean) => {
    const told = { license, ...(wanted.memory && { memory: wanted.memory }) };
    const found = await storeFile(settings, file, { ...options, revision, ...(isWeights && told) });
    stored.set(file.file, found);
    files.push(file);
    return found.content;
  };
  if (plan.config) await store(plan.config, false);
  if (plan.card) await store(plan.card, false);
  const isIndex = weights.file.endsWith('.index.json');
  const content = await store(weights, !isIndex);
  const missing = new Set(isIndex ? await shardsOf(content, signal) : []);
  const folder = weights.file.slice(0, weights.file.lastIndexOf('/') + 1);
  for (const name of missing) {
    try {
      await store(await resolveFile(settings, { ...pinned, file: `${folder}${name}` }), true);
      missing.delete(name);
    } catch (error) {
      signal?.throwIfAborted();
      throw withMissing(error, source, [...missing]);
    }
  }
  return { weights: content, weightFile: weights.file, commit: weights.commit, files, stored, license };
}

interface Choice {
  readonly weights: HubFile;
  readonly license: WeightLicense;
  readonly config?: HubFile;
  /** Kept for the license that it names. */
  readonly card?: HubFile;
}

async function choose(settings: HubSettings, wanted: Wanted, signal: AbortSignal | undefined): Promise<Choice> {
  const question = { ...wanted, signal };
  if (wanted.file !== undefined && wanted.license) {
    return { weights: await resolveFile(settings, { ...question, file: wanted.file }), license: wanted.license };
  }
  const listing = await listRepository(settings, question);
  const names = listing.files.map(({ file }) => file);
  const name = wanted.file ?? chooseWeightFile(names, wanted.repository);
  const weights = listing.files.find(({ file }) => file === name);
  if (!weights) {
    const few = names.slice(0, 8).join(', ') || 'no files';
    throw new PretrainedError(
      'not-found',
      wanted.source,
      `${wanted.source}: ${wanted.repository} has no file ${name ?? 'of weights'} at ${wanted.revision}; it has ${few}.`,
    );
  }
  const folder = weights.file.slice(0, weights.file.lastIndexOf('/') + 1);
  const found = configNamesFor(weights.file).find((each) => names.includes(`${folder}${each}`));
  const config = listing.files.find(({ file }) => found !== undefined && file === `${folder}${found}`);
  const card = listing.files.find(({ file, bytes = Infinity }) => file === cardName && bytes <= cardLimitBytes);
  return { weights, license: wanted.license ?? listing.license, ...(config && { config }), ...(card && { card }) };
}

/** @throws {PretrainedError} The hub has other bytes than those that were published. */
function assertPublished({ file, hash, bytes }: HubFile, wanted: Wanted): void {
  const fail = (expected: string, actual: string): never => {
    throw new PretrainedError(
      'download',
      wanted.source,
      `${wanted.source}: ${wanted.repository} has another ${file} than the one published: expected ${expected}, found ${actual}.`,
    );
  };
  if (wanted.sha256 !== undefined && hash?.kind === 'sha256' && hash.hex !== wanted.sha256)
    fail(`SHA-256 ${wanted.sha256}`, hash.hex);
  if (wanted.bytes !== undefined && bytes !== undefined && bytes !== wanted.bytes)
    fail(megabytes(wanted.bytes), megabytes(bytes));
}

/** Names of the shards that an index lists, each once. */
export async function shardsOf(index: string | Blob, signal?: AbortSignal): Promise<readonly string[]> {
  const source = await openByteSource(index, { ...(signal && { signal }) });
  try {
    const found = await readShardIndex(source, signal);
    return found ? [...new Set(found.files.values())].sort() : [];
  } finally {
    await source.close();
  }
}

function withMissing(error: unknown, source: string, missing: readonly string[]): unknown {
  if (!(error instanceof PretrainedError)) return error;
  return new PretrainedError(
    error.code as 'download',
    source,
    `${error.message} Still missing: ${missing.join(', ')}.`,
    {
      cause: error,
    },
  );
}
