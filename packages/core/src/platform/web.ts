import { UnsupportedError } from '../errors';
import { sha1, sha256 } from '../hub/secure-hash';
import type { BlobStore } from './blob-store';
import type { Platform } from './types';
import { openBlobStore } from './web-blob-store';

const noFiles = async (path: string): Promise<never> => {
  throw new UnsupportedError('files', `browsers cannot open the path ${path}; give a Blob, a URL or bytes.`);
};

let store: Promise<BlobStore> | undefined;

/** Browsers: no paths, no environment; Blobs and URLs are read in ranges without help from here. */
export const platform: Platform = {
  name: 'web',
  openFile: noFiles,
  pathOfUrl: () => undefined,
  joinPath: (folder, ...names) => [folder, ...names].join('/'),
  folderOf: (path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))),
  resolveFile: () => undefined,
  keepLibrary: () => undefined,
  realPath: noFiles,
  fileFacts: async () => undefined,
  listFolder: noFiles,
  writeFileAtomically: noFiles,
  sha256OfFile: noFiles,
  remove: noFiles,
  spool: async () => undefined,
  environmentVariable: () => undefined,
  totalMemoryBytes: () => {
    const gigabytes = (globalThis.navigator as { readonly deviceMemory?: number } | undefined)?.deviceMemory;
    return gigabytes === undefined ? undefined : gigabytes * 2 ** 30;
  },
  availableMemoryBytes: () => undefined,
  // Browsers tell logical processors only; half of them is the usual count of cores.
  physicalCores: () => Math.max(1, Math.floor((globalThis.navigator?.hardwareConcurrency ?? 2) / 2)),
  cacheDirectory: () => undefined,
  cacheFiles: undefined,
  openBlobStore: () => (store ??= openBlobStore(globalThis)),
  createHash: (algorithm) => (algorithm === 'sha256' ? sha256() : sha1()),
  selectFetch: async () => globalThis.fetch.bind(globalThis),
  notify: (text) => globalThis.console?.info(text),
};
