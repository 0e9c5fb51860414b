import { InputError } from '@tesserae/core/data';
import type { Scanner } from '../scanner/scanner';
import { createBpe } from './bpe';
import { recoverMerges } from './byte-vocabulary';
import { tiktokenEncodings } from './encodings';
import { createTiktokenTokenizer, type TiktokenTokenizer } from './tiktoken';
import { readTiktokenFile } from './tiktoken-file';

export interface TiktokenOptions {
  /** A published encoding, which gives the pattern and the special tokens: `cl100k_base`. */
  readonly encoding: string;
  /** Instead of those of the encoding. */
  readonly specialTokens?: Readonly<Record<string, number>>;
  /** What errors and tokens call it. Default: the encoding. */
  readonly name?: string;
}

/**
 * Reads a rank file (`base64 rank` lines).
 *
 * @throws {ConfigError} The file is something else.
 * @throws {InputError} No such encoding.
 */
export function fromTiktoken(
  file: Uint8Array,
  { encoding, specialTokens, name = encoding }: TiktokenOptions,
): TiktokenTokenizer {
  const known = findEncoding(encoding);
  const vocabulary = recoverMerges(readTiktokenFile(file, name), name);
  const scanner: Scanner = known.createScanner();
  return createTiktokenTokenizer({
    name,
    bpe: createBpe(vocabulary, scanner),
    specialTokens: specialTokens ?? known.specialTokens(),
    pattern: known.pattern,
  });
}

/** @throws {InputError} No such encoding. */
export function findEncoding(name: string): (typeof tiktokenEncodings)[number] {
  const known = tiktokenEncodings.find((encoding) => encoding.name === name);
  if (!known) {
    const names = tiktokenEncodings.map((encoding) => encoding.name).join(', ');
    throw new InputError('encoding', `one of ${names}`, JSON.stringify(name));
  }
  return known;
}
