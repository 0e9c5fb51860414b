import type { Json } from '@tesserae/core';
import { readBertSizes, readLabelCount } from '../bert/config';
import type { BertSizes } from '../bert/weights';
import { expected, field, jsonPlace, readCount } from '../pipeline/json-reader';

/** A BERT over hashed characters. */
export interface WtpConfig extends BertSizes {
  /** Hashes of a character, 1..16. */
  readonly hashes: number;
  /** Values of a hash, and rows of the position table. */
  readonly buckets: number;
  readonly tokenTypes: number;
  /** Labels of a character; the first says that a sentence ends. */
  readonly labels: number;
}

/** Reads `config.json` of a WtP model with characters in a BERT (`model_type` `bert-char`). @throws {ConfigError} */
export function parseConfig(json: Json): WtpConfig {
  const place = jsonPlace(json, 'wtp config.json: ');
  const sizes = readBertSizes(place, { epsilon: 1e-12 });
  const hashes = readCount(field(place, 'num_hash_functions'), 8);
  if (hashes < 1 || hashes > 16 || sizes.width % hashes !== 0) {
    throw expected(field(place, 'num_hash_functions'), `1..16, dividing the width ${sizes.width}`);
  }
  return {
    ...sizes,
    hashes,
    buckets: readCount(field(place, 'num_hash_buckets'), 8192),
    tokenTypes: readCount(field(place, 'type_vocab_size'), 2),
    labels: readLabelCount(place),
  };
}
