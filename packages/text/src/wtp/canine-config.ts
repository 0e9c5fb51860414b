import type { Json } from '@tesserae/core';
import { readBertSizes, readLabelCount } from '../bert/config';
import type { BertSizes } from '../bert/weights';
import { expected, field, isAbsent, jsonPlace, readChoice, readCount } from '../pipeline/json-reader';

/** Adapters of languages: one a language, the mean of all, or none. */
export type LanguageAdapter = 'on' | 'shared' | 'off';

/** A CANINE over hashed characters. */
export interface WtpCanineConfig extends BertSizes {
  /** Hashes of a character, 1..16. */
  readonly hashes: number;
  /** Values of a hash, and rows of the position table. */
  readonly buckets: number;
  readonly tokenTypes: number;
  /** Labels of a character; the first says that a sentence ends. */
  readonly labels: number;
  /** Characters of a molecule, which the deep layers see as one. */
  readonly rate: number;
  /** Characters whose upsampled vectors are mixed. */
  readonly upsamplingKernel: number;
  /** Characters that the first layer sees at once. */
  readonly localWidth: number;
  readonly adapter: LanguageAdapter;
  /** Languages with an adapter; 0 without adapters. */
  readonly languages: number;
  /** Width of an adapter. */
  readonly adapterWidth: number;
  /** Molecules ahead that the first layer sees, and no other layer; undefined for all. */
  readonly lookahead?: number;
}

/** Reads `config.json` of a WtP model over CANINE (`model_type` `la-canine`). @throws {ConfigError} */
export function parseCanineConfig(json: Json): WtpCanineConfig {
  const place = jsonPlace(json, 'wtp config.json: ');
  const sizes = readBertSizes(place, { epsilon: 1e-12 });
  const count = (key: string, fallback: number): number => {
    const value = readCount(field(place, key), fallback);
    if (value < 1) throw expected(field(place, key), 'at least 1');
    return value;
  };
  const hashes = count('num_hash_functions', 8);
  if (hashes > 16 || sizes.width % hashes !== 0) {
    throw expected(field(place, 'num_hash_functions'), `1..16, dividing the width ${sizes.width}`);
  }
  readChoice(field(place, 'position_embedding_type'), ['absolute'], 'absolute');
  const ngrams = count('ngram_order', 1);
  if (ngrams !== 1) throw expected(field(place, 'ngram_order'), '1, as in all published models');
  const adapter = readChoice(field(place, 'language_adapter'), ['on', 'shared', 'off'], 'on');
  const lookahead = field(place, 'lookahead');
  return {
    ...sizes,
    hashes,
    buckets: count('num_hash_buckets', 16_384),
    tokenTypes: count('type_vocab_size', 16),
    labels: readLabelCount(place),
    rate: count('downsampling_rate', 4),
    upsamplingKernel: count('upsampling_kernel_size', 4),
    localWidth: count('local_transformer_stride', 128),
    adapter,
    languages: adapter === 'off' ? 0 : count('n_languages', 85),
    adapterWidth: Math.floor(sizes.width / count('bottleneck_factor', 2)),
    ...(!isAbsent(lookahead) && { lookahead: readCount(lookahead) }),
  };
}
