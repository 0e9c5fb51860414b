import { platform } from '#platform';
import { PretrainedError } from '../errors/pretrained-error';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { assertRepository, assertRevision } from './names';
import { obtain, type Wanted } from './obtain';
import type { ContentHash } from './remote-file';
import { resolveSettings, type HubOptions } from './settings';
import { findCachedUrl, obtainUrl, type WantedUrl } from './url-cache';

/** A file that lies on this machine after a pull. */
export interface PulledFile {
  /** Path in the repository. */
  readonly file: string;
  /** Absent in browsers. */
  readonly path?: string;
  readonly bytes: number;
  /** Whether it was downloaded now. */
  readonly isNew: boolean;
  /** Hash that its bytes have: checked when they came. Absent where the server tells none. */
  readonly hash?: ContentHash;
}

export interface Pulled {
  /** Commit that the revision is now; absent for plain addresses. */
  readonly commit?: string;
  readonly license: WeightLicense;
  readonly files: readonly PulledFile[];
}

/**
 * Downloads what is missing of a model and pins its revision: asks the hub even where a copy is here, so that a branch
 * that has moved on is followed.
 *
 * @throws {PretrainedError} `not-found`, `ambiguous`, `access`, `gated`, `license`, `disk-space`, `offline`, `download`.
 * @throws {InputError} No such name can exist.
 */
export async function pullRepository(wanted: Wanted, options: HubOptions = {}): Promise<Pulled> {
  assertRepository(wanted.repository);
  assertRevision(wanted.revision);
  const settings = await resolveSettings(options);
  if (settings.offline) throw offline(wanted.source);
  const { files, commit, license, stored } = await obtain(settings, wanted, options);
  const pulled = files.map(async ({ file, hash }): Promise<PulledFile> => {
    const { content, isNew } = stored.get(file)!;
    return { file, ...(await placeOf(content)), isNew, ...(hash && { hash }) };
  });
  return { commit, license, files: await Promise.all(pulled) };
}

/** {@link pullRepository} for a file at a plain address. */
export async function pullUrl(wanted: WantedUrl, options: HubOptions = {}): Promise<Pulled> {
  const settings = await resolveSettings(options);
  if (settings.offline) throw offline(wanted.source);
  const before = await findCachedUrl(wanted, options);
  const place = await placeOf(before ?? (await obtainUrl(settings, wanted, options)));
  const hash = wanted.sha256 === undefined ? {} : { hash: { kind: 'sha256', hex: wanted.sha256 } as const };
  return { license: wanted.license, files: [{ file: wanted.file, ...place, isNew: before === undefined, ...hash }] };
}

async function placeOf(content: string | Blob): Promise<Pick<PulledFile, 'path' | 'bytes'>> {
  if (content instanceof Blob) return { bytes: content.size };
  return { path: content, bytes: (await platform.fileFacts(content))?.bytes ?? 0 };
}

const offline = (source: string) =>
  new PretrainedError(
    'offline',
    source,
    `${source}: nothing may be downloaded: offline, HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is set.`,
  );
