import { createBpe } from './bpe';
import { findEncoding } from './from-tiktoken';
import { type PackedVocabulary, unpackVocabulary } from './packed-vocabulary';
import { createTiktokenTokenizer, type TiktokenTokenizer } from './tiktoken';

export interface PackedOptions {
  /** Another encoding with the same ranks: `o200k_harmony` for those of `o200k_base`. Default: the vocabulary's own. */
  readonly encoding?: string;
}

/**
 * A tokenizer of a vocabulary that ships with this package (`@tesserae/text/vocabularies/…`) or was packed.
 *
 * @throws {InputError} No such encoding.
 * @throws {ConfigError} The vocabulary is damaged.
 */
export function fromPacked(
  packed: PackedVocabulary,
  { encoding = packed.encoding }: PackedOptions = {},
): TiktokenTokenizer {
  const { name, createScanner, specialTokens, pattern } = findEncoding(encoding);
  return createTiktokenTokenizer({
    name,
    bpe: createBpe(unpackVocabulary(packed), createScanner()),
    specialTokens: specialTokens(),
    pattern,
  });
}
