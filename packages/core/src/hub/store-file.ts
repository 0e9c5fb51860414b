import { platform } from '#platform';
import type { RunOptions } from '../engine/run-options';
import { UnsupportedError } from '../errors/unsupported-error';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { downloadFile } from './download-file';
import { layout, writeRef } from './layout';
import { announce } from './license-notice';
import { takeLock } from './lock';
import { refusal } from './refusal';
import type { HubFile } from './remote-file';
import type { HubOptions, HubSettings } from './settings';

export interface StoreOptions extends RunOptions, Pick<HubOptions, 'onLicense'> {
  /** Revision under which the commit is remembered. */
  readonly revision: string;
  /** License to show before the download; absent for files that are no weights. */
  readonly license?: WeightLicense;
  readonly memory?: Readonly<Record<string, number>>;
}

export interface StoredFile {
  readonly path: string;
  /** Whether its bytes were downloaded now. */
  readonly isNew: boolean;
}

/**
 * Makes sure that a file of the hub lies in the Hugging Face cache, in the layout that Python reads.
 *
 * @returns Path in the snapshot (a link to the blob, or a copy where links are not allowed), and whether it came now.
 * @throws {PretrainedError} As {@link downloadFile}; `license`.
 */
export async function storeFile(settings: HubSettings, file: HubFile, options: StoreOptions): Promise<StoredFile> {
  const { cache } = settings;
  const files = platform.cacheFiles;
  if (cache === undefined || !files) throw new UnsupportedError('cache', 'there is no file system here.');
  const folder = layout.repository(cache, file.repository);
  const path = platform.joinPath(layout.snapshot(folder, file.commit), ...file.file.split('/'));
  const blob = layout.blob(folder, file.blob);
  let isNew = false;
  if (!(await isComplete(path, file))) {
    const lock = await takeLock(files, layout.lock(cache, file.repository, file.blob), file.source, options.signal);
    try {
      // Another process may have finished it while this one waited.
      if (!(await isComplete(blob, file))) {
        await download(settings, file, blob, options);
        isNew = true;
      }
      await files.link(blob, path);
    } finally {
      await lock.release();
    }
  }
  // A cache that may only be read is fine as it is.
  await writeRef(cache, file.repository, options.revision, file.commit).catch(() => undefined);
  return { path, isNew };
}

async function download(settings: HubSettings, file: HubFile, blob: string, options: StoreOptions): Promise<void> {
  const { source, file: name, bytes, repository, commit } = file;
  const { license, memory } = options;
  if (license) await announce({ source, file: name, bytes, license, ...(memory && { memory }) }, options.onLicense);
  await downloadFile(settings, file, blob, {
    ...options,
    refuse: (response) => refusal(response, settings, { source, repository, revision: commit, file: name }),
  });
}

/** Whether a file is there with the length that the hub tells; what has another was broken by someone. */
async function isComplete(path: string, { bytes }: HubFile): Promise<boolean> {
  const facts = await platform.fileFacts(path);
  return facts?.kind === 'file' && (bytes === undefined || facts.bytes === bytes);
}
