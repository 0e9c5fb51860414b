import { platform } from '#platform';
import { InputError } from '../errors/input-error';
import { PretrainedError } from '../errors/pretrained-error';
import type { Json } from '../signal/signal';
import { findSnapshot } from './cache';
import { nearestNames, type Preset } from './preset';

/**
 * Where weights come from: a preset name (`titok-l32`), a hub id (`owner/name[@revision]`), a path (`./x`, `/x`,
 * `C:\x`: a relative path starts with a dot), a URL, bytes, a Blob.
 */
export type PretrainedSource =
  | string
  | URL
  | Uint8Array
  | Blob
  | { readonly repository: string; readonly revision?: string; readonly file?: string };

/** A source that has been found: what to open, and what is known about it. */
export interface LocatedSource {
  /** As the user named it. */
  readonly name: string;
  readonly weights: string | URL | Uint8Array | Blob;
  readonly presetName?: string;
  /** Configuration that lies beside the weights, with the file that it came from. */
  readonly config?: { readonly file: string; readonly json: Json };
}

export interface LocateOptions {
  /** Folder that holds the weight file of a preset. */
  readonly folder?: string;
  readonly cacheDirectory?: string;
  /** Path of a file that ships in the package of the system. */
  readonly bundledFile?: (file: string) => string | undefined;
}

const configName = 'config.json';
const weightNames = [
  'model.safetensors.index.json',
  'model.safetensors',
  'pytorch_model.bin.index.json',
  'pytorch_model.bin',
];
const weightExtension = /\.(safetensors|bin|pth|pt|ckpt|th|jit)$/;
const configLimitBytes = 16 * 1024 * 1024;

/**
 * Finds the weights of a source. Opens no socket: what is not here is an error that says how to get it.
 *
 * @throws {PretrainedError} `unknown-preset`, `not-found`, `ambiguous`.
 */
export async function locateSource(
  source: PretrainedSource,
  presets: Readonly<Record<string, Preset<unknown>>>,
  options: LocateOptions = {},
): Promise<LocatedSource> {
  if (source instanceof Uint8Array) return { name: 'bytes', weights: source };
  if (source instanceof Blob) return { name: source instanceof File ? source.name : 'blob', weights: source };
  if (source instanceof URL) {
    const path = platform.pathOfUrl(source);
    return path === undefined ? { name: source.href, weights: source } : locatePath(path);
  }
  if (typeof source === 'object' && source !== null && typeof source.repository === 'string')
    return locateRepository(source, options);
  if (typeof source !== 'string')
    throw new InputError('source', 'a preset, path, URL, bytes or repository', typeof source);
  if (source === '') throw new InputError('source', 'a preset name, path or hub id', 'an empty string');
  if (isPath(source)) return locatePath(source);
  if (Object.hasOwn(presets, source)) return locatePreset(source, presets[source]!, options);
  const hub = /^([\w.-]+\/[\w.-]+)(?:@([\w.-]+))?(?:\/(.+))?$/.exec(source);
  if (hub) {
    return locateRepository(
      { repository: hub[1]!, ...(hub[2] && { revision: hub[2] }), ...(hub[3] && { file: hub[3] }) },
      options,
    );
  }
  const near = nearestNames(source, Object.keys(presets));
  throw new PretrainedError(
    'unknown-preset',
    source,
    `No preset is called '${source}'. Did you mean ${near.join(', ')}? A path starts with ./ or /.`,
  );
}

/** A relative path starts with a dot; anything else is a preset or a hub id. */
export function isPath(source: string): boolean {
  return /^(\.{1,2}([\\/]|$)|[\\/]|[A-Za-z]:[\\/])/.test(source);
}

async function locatePath(path: string): Promise<LocatedSource> {
  const facts = await platform.fileFacts(path);
  if (facts === undefined) throw new PretrainedError('not-found', path, `${path}: no such file or folder.`);
  if (facts.kind !== 'folder') return withConfigBeside(path, path);
  return withConfigBeside(await weightFileIn(path), path);
}

async function withConfigBeside(weights: string, name: string): Promise<LocatedSource> {
  const file = platform.joinPath(platform.folderOf(weights), configName);
  const facts = await platform.fileFacts(file);
  if (facts?.kind !== 'file') return { name, weights };
  return { name, weights, config: { file, json: await readJson(file, facts.bytes) } };
}

async function readJson(file: string, bytes: number): Promise<Json> {
  if (bytes > configLimitBytes)
    throw new PretrainedError('no-config', file, `${file}: ${bytes} bytes are too many for a configuration.`);
  const source = await platform.openFile(file);
  try {
    return JSON.parse(new TextDecoder().decode(await source.read(0, source.size))) as Json;
  } catch (cause) {
    throw new PretrainedError('no-config', file, `${file}: expected JSON, got something else.`, { cause });
  } finally {
    await source.close();
  }
}

async function weightFileIn(folder: string, preferred?: string): Promise<string> {
  const files = (await platform.listFolder(folder)).filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const named = [...(preferred ? [preferred] : []), ...weightNames].find((name) => files.includes(name));
  if (named !== undefined) return platform.joinPath(folder, named);
  const candidates = files.filter((name) => weightExtension.test(name));
  if (candidates.length === 1) return platform.joinPath(folder, candidates[0]!);
  if (candidates.length > 1) {
    throw new PretrainedError(
      'ambiguous',
      folder,
      `${folder} holds several weight files (${candidates.join(', ')}): give the path of one.`,
    );
  }
  const expected = preferred ?? weightNames.filter((name) => !name.endsWith('.json')).join(' or ');
  throw new PretrainedError(
    'not-found',
    folder,
    `${folder}: expected ${expected}, found ${files.slice(0, 8).join(', ') || 'no files'}.`,
  );
}

async function locatePreset(name: string, preset: Preset<unknown>, options: LocateOptions): Promise<LocatedSource> {
  const { source } = preset;
  if (options.folder !== undefined) {
    return { name, presetName: name, weights: await weightFileIn(options.folder, source.file) };
  }
  if (source.bundled) {
    const path = options.bundledFile?.(source.file);
    if (path === undefined) {
      throw new PretrainedError(
        'not-found',
        name,
        `${name}: ${source.file} of the package is not reachable here; pass its URL or bytes as the source.`,
      );
    }
    return { name, presetName: name, weights: path };
  }
  if (source.repository !== undefined) {
    const located = await locateRepository(
      { repository: source.repository, ...(source.revision && { revision: source.revision }), file: source.file },
      options,
      name,
    );
    return { name, presetName: name, weights: located.weights };
  }
  throw missing(name, source.url ?? source.file);
}

async function locateRepository(
  { repository, revision, file }: { readonly repository: string; readonly revision?: string; readonly file?: string },
  { cacheDirectory }: LocateOptions,
  name = repository,
): Promise<LocatedSource> {
  const snapshot = await findSnapshot({ repository, ...(revision && { revision }) }, cacheDirectory);
  if (snapshot !== undefined) {
    const weights = file === undefined ? await weightFileIn(snapshot) : platform.joinPath(snapshot, file);
    if ((await platform.fileFacts(weights)) !== undefined) return withConfigBeside(weights, name);
  }
  throw missing(
    name,
    `https://huggingface.co/${repository}/resolve/${revision ?? 'main'}/${file ?? 'model.safetensors'}`,
  );
}

function missing(name: string, address: string): PretrainedError {
  return new PretrainedError(
    'not-found',
    name,
    `${name}: its weights are not on this machine. Download ${address} into a folder and pass { folder: './that-folder' } (command line: --folder), or give the path of the file.`,
  );
}
