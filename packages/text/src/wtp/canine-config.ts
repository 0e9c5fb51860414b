import type { Json } from '@tesserae/core';
import { expected, field, isAbsent, jsonPlace, readChoice, readCount } from '../pipeline/json-reader';
import { type CharacterConfig, readCharacterConfig, readPositive } from './config';

/** Adapters of languages: one a language, the mean of all, or none. */
export type LanguageAdapter = 'on' | 'shared' | 'off';

/** A CANINE over hashed characters. */
export interface WtpCanineConfig extends CharacterConfig {
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
  const characters = readCharacterConfig(place, { buckets: 16_384, tokenTypes: 16 });
  const count = (key: string, fallback: number) => readPositive(place, key, fallback);
  readChoice(field(place, 'position_embedding_type'), ['absolute'], 'absolute');
  const ngrams = count('ngram_order', 1);
  if (ngrams !== 1) throw expected(field(place, 'ngram_order'), '1, as in all published models');
  const adapter = readChoice(field(place, 'language_adapter'), ['on', 'shared', 'off'], 'on');
  const lookahead = field(place, 'lookahead');
  return {
    ...characters,
    rate: count('downsampling_rate', 4),
    upsamplingKernel: count('upsampling_kernel_size', 4),
    localWidth: count('local_transformer_stride', 128),
    adapter,
    languages: adapter === 'off' ? 0 : count('n_languages', 85),
    adapterWidth: Math.floor(characters.width / count('bottleneck_factor', 2)),
    ...(!isAbsent(lookahead) && { lookahead: readCount(lookahead) }),
  };
}
