import type { ByteSource } from '../checkpoint/byte-source';
import type { BlobStore } from './blob-store';
import type { CacheFiles } from './cache-files';

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMilliseconds: number;
}

export interface FolderEntry {
  readonly name: string;
  /** Symbolic links are followed; a broken one is `other`. */
  readonly kind: 'file' | 'folder' | 'other';
}

/** What the system below offers: the only way from core to files, environment and machine facts. */
export interface Platform {
  readonly name: 'node' | 'web';
  /**
   * Opens a file for ranged reads.
   *
   * @throws {InputError} `unreadable`.
   * @throws {UnsupportedError} In browsers.
   */
  openFile(path: string): Promise<ByteSource>;
  /** Local path of a `file:` URL; undefined for every other URL. */
  pathOfUrl(url: URL): string | undefined;
  /** Path of `name` below `folder`. */
  joinPath(folder: string, ...names: readonly string[]): string;
  folderOf(path: string): string;
  /** File of an installed package, `@tesserae/image/starter/card.md`, as the module at `from` (its `import.meta.url`) sees it; undefined when absent. */
  resolveFile(specifier: string, from: string): string | undefined;
  /** Keeps a native addon in memory until the process ends, also where a worker thread loads it. @throws {Error} It cannot be loaded. */
  keepLibrary(path: string): void;
  /** The path without symbolic links. @throws {InputError} `unreadable`. */
  realPath(path: string): Promise<string>;
  /** Undefined where nothing is at that path. */
  fileFacts(path: string): Promise<FileFacts | undefined>;
  /** Entries in order of name. @throws {InputError} `unreadable`. */
  listFolder(path: string): Promise<readonly FolderEntry[]>;
  /**
   * Writes a file so that it is never seen half written: a temporary file beside it, then a rename. On failure or
   * abort nothing stays behind and an older file is kept. Missing folders are made.
   */
  writeFileAtomically(
    path: string,
    data: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<void>;
  /** SHA-256 of a file in hex, read in blocks. @throws {InputError} `unreadable`. */
  sha256OfFile(path: string, signal?: AbortSignal): Promise<string>;
  /** Removes a file or a folder with all that is in it; absent is fine. */
  remove(path: string): Promise<void>;
  /**
   * Copies bytes into a private temporary file, removed by `close` (or when the process ends), so that they can be
   * mapped. Undefined where the platform has no files.
   */
  spool(
    data: Uint8Array | AsyncIterable<Uint8Array>,
    name: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<ByteSource | undefined>;
  /** Undefined when not set, empty, or without environment. */
  environmentVariable(name: string): string | undefined;
  /** Memory that this process may use at most, bytes; undefined where unknown. */
  totalMemoryBytes(): number | undefined;
  /** Memory that is free for this process now, bytes; undefined where unknown. */
  availableMemoryBytes(): number | undefined;
  /** Cores without hyper-threads, never more than this process may use; at least 1. */
  physicalCores(): number;
  /** Folder of cached downloads, `$XDG_CACHE_HOME/tesserae` or the system's counterpart; undefined in browsers. */
  cacheDirectory(): string | undefined;
  /** Writing, linking and locking of cached files; undefined in browsers. */
  readonly cacheFiles: CacheFiles | undefined;
  /** Where browsers keep files; undefined where there is a file system. */
  openBlobStore(): Promise<BlobStore | undefined>;
  /** A hash that takes bytes piece by piece. */
  createHash(algorithm: HashAlgorithm): StreamingHash;
  /** The system's `fetch`, through a proxy where `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` name one (not in browsers). */
  selectFetch(): Promise<typeof globalThis.fetch>;
  /** One line for the person at the machine: standard error, or the console of a browser. */
  notify(text: string): void;
}

export type HashAlgorithm = 'sha256' | 'sha1';

export interface StreamingHash {
  update(bytes: Uint8Array): void;
  /** Lower-case hex; the last call. */
  digest(): string;
}
