import type OpusScript from 'opusscript';
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
  /**
   * The sound of a file, or of bytes that come, as the installed program ffmpeg writes it: WAV with 32-bit floats.
   *
   * @param input - A path, or bytes.
   * @throws {InputError} `undecodable`, with what the program says. @throws {UnsupportedError} It cannot be run.
   */
  ffmpegChunks(
    input: string | AsyncIterable<Uint8Array>,
    options: { readonly command: string; readonly name: string; readonly signal?: AbortSignal },
  ): AsyncGenerator<Uint8Array>;
  /** Local path of a path or a `file:` URL; undefined for everything else. */
  localPath(input: string | URL): string | undefined;
  /** A temporary file that holds the bytes; undefined where there are no files. */
  temporaryFile(chunks: AsyncIterable<Uint8Array>): Promise<TemporaryFile | undefined>;
  /**
   * The encoder of Opus, which works with the buffers of Node.
   *
   * @throws {UnsupportedError} Its package is not installed; in browsers.
   */
  loadOpusEncoder(): Promise<typeof OpusScript>;
  /** Undefined in browsers, which have no MD5. */
  createMd5(): Md5 | undefined;
}

/** A file of its own. */
export interface TemporaryFile {
  readonly path: string;
  remove(): Promise<void>;
}

export interface Md5 {
  update(bytes: Uint8Array): void;
  /** Hex; the last call. */
  digest(): string;
}
