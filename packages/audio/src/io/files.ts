import type { EncodedChunks } from './encoded-chunks';

/** What a platform does with files of sound; `files-node.ts` and `files-web.ts` export exactly this, reached as `#files`. */
export interface AudioFiles {
  /**
   * Writes a file that appears under its name only when complete. On failure nothing stays behind and an older file is
   * kept.
   *
   * @throws {InputError} `unreadable`. @throws {UnsupportedError} In browsers.
   */
  writeChunks(path: string | URL, chunks: EncodedChunks): Promise<void>;
}
