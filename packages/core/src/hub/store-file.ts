import { platform } from '#platform';
import type { RunOptions } from '../engine/run-options';
import { InputError } from '../errors/input-error';
import type { BlobStore } from '../platform/blob-store';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { storeBlob } from './blob-cache';
import { rememberInBrowser } from './browser-layout';
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
  /** Path in the snapshot: a link to the blob, or a copy where links are not allowed. A Blob in browsers. */
  readonly content: string | Blob;
  /** Whether its bytes were downloaded now. */
  readonly isNew: boolean;
}

/**
 * Makes sure that a file of the hub lies in the Hugging Face cache, in the layout that Python reads, or in what the
 * browser keeps.
 *
 * @throws {PretrainedError} As {@link downloadFile}; `license`.
 */
export async function storeFile(settings: HubSettings, file: HubFile, options: StoreOptions): Promise<StoredFile> {
  const store = await platform.openBlobStore();
  if (store) return storeInBrowser(settings, store, file, options);
  const { cache } = settings;
  const files = platform.cacheFiles;
  if (cache === undefined || !files) {
    throw new InputError('cacheDirectory', 'a folder, or HF_HUB_CACHE, HF_HOME or HOME', 'none of them');
  }
  const folder = layout.repository(cache, file.repository);
  const path = platform.joinPath(layout.snapshot(folder, file.commit), ...file.file.split('/'));
  const blob = layout.blob(folder, file.blob);
  let isNew = false;
  if (!(await isComplete(path, file))) {
    const lock = await takeLock(files, layout.lock(cache, file.repository, file.blob), file.source, options.signal);
    try {
      // Another process may have finished it while this one waited.
      if (!(await isComplete(blob, file))) {
        await tellLicense(file, options);
        await downloadFile(settings, file, blob, { ...options, refuse: refuseOf(settings, file) });
        isNew = true;
      }
      await files.link(blob, path);
    } finally {
      await lock.release();
    }
  }
  // A cache that may only be read is fine as it is.
  await writeRef(cache, file.repository, options.revision, file.commit).catch(() => undefined);
  return { content: path, isNew };
}

async function storeInBrowser(
  settings: HubSettings,
  store: BlobStore,
  file: HubFile,
  options: StoreOptions,
): Promise<StoredFile> {
  const { blob, isNew } = await storeBlob(settings, store, file, file.blob, {
    ...options,
    refuse: refuseOf(settings, file),
    before: () => tellLicense(file, options),
  });
  await rememberInBrowser(store, file, options.revision);
  return { content: blob, isNew };
}

async function tellLicense({ source, file, bytes }: HubFile, options: StoreOptions): Promise<void> {
  const { license, memory, onLicense } = options;
  if (license) await announce({ source, file, bytes, license, ...(memory && { memory }) }, onLicense);
}

const refuseOf =
  (settings: HubSettings, { source, repository, commit, file }: HubFile) =>
  (response: Response) =>
    refusal(response, settings, { source, repository, revision: commit, file });

/** Whether a file is there with the length that the hub tells; what has another was broken by someone. */
async function isComplete(path: string, { bytes }: HubFile): Promise<boolean> {
  const facts = await platform.fileFacts(path);
  return facts?.kind === 'file' && (bytes === undefined || facts.bytes === bytes);
}
