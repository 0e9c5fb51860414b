import type { Json } from '@tesserae/core';
import { readBertSizes, readLabelCount } from '../bert/config';
import type { BertSizes } from '../bert/weights';
import { expected, field, type JsonPlace, jsonPlace, readCount } from '../pipeline/json-reader';

/** A model over hashed characters that labels them. */
export interface CharacterConfig extends BertSizes {
  /** Hashes of a character, 1..16. */
  readonly hashes: number;
  /** Values of a hash, and rows of the position table. */
  readonly buckets: number;
  readonly tokenTypes: number;
  /** Labels of a character; the first says that a sentence ends. */
  readonly labels: number;
}

/** A BERT over hashed characters. */
export type WtpConfig = CharacterConfig;

/**
 * Reads what all WtP models say.
 *
 * @param defaults - Where the file says nothing.
 * @throws {ConfigError}
 */
export function readCharacterConfig(
  place: JsonPlace,
  defaults: Pick<CharacterConfig, 'buckets' | 'tokenTypes'>,
): CharacterConfig {
  const sizes = readBertSizes(place, { epsilon: 1e-12 });
  const hashes = readCount(field(place, 'num_hash_functions'), 8);
  if (hashes < 1 || hashes > 16 || sizes.width % hashes !== 0) {
    throw expected(field(place, 'num_hash_functions'), `1..16, dividing the width ${sizes.width}`);
  }
  return {
    ...sizes,
    hashes,
    buckets: readPositive(place, 'num_hash_buckets', defaults.buckets),
    tokenTypes: readPositive(place, 'type_vocab_size', defaults.tokenTypes),
    labels: readLabelCount(place),
  };
}

/** An integer from 1. @throws {ConfigError} */
export function readPositive(place: JsonPlace, key: string, fallback: number): number {
  const value = readCount(field(place, key), fallback);
  if (value < 1) throw expected(field(place, key), 'at least 1');
  return value;
}

/** Reads `config.json` of a WtP model with characters in a BERT (`model_type` `bert-char`). @throws {ConfigError} */
export const parseConfig = (json: Json): WtpConfig =>
  readCharacterConfig(jsonPlace(json, 'wtp config.json: '), { buckets: 8192, tokenTypes: 2 });
