import type { Json } from '@tesserae/core';
import { readBertSizes } from '../bert/config';
import type { BertSizes } from '../bert/weights';
import { field, jsonPlace, readChoice, readCount } from '../pipeline/json-reader';

const pools = ['mean', 'cls', 'cross-attention'] as const;

export interface WordPoolerConfig extends BertSizes {
  /**
   * `cls`: prefixes of Learn Your Tokens, behind layers of an encoder that keeps to the word; `cross-attention`: the
   * learned query of Byte2Word; `mean`: means.
   */
  readonly pool: (typeof pools)[number];
  /** Prefixes of a word, at least 1 for `cls`. */
  readonly prefixes: number;
  /** Bytes of a word that have places of their own; those behind share the last. */
  readonly places: number;
}

/** Sizes under the names of BERT; `pool`, `prefixes` (default 1 for `cls`, else 0) and `places` (64). @throws {ConfigError} */
export function parseWordPoolerConfig(json: Json): WordPoolerConfig {
  const place = jsonPlace(json, 'word-pooler config: ');
  const pool = readChoice(field(place, 'pool'), pools, 'cls');
  return {
    ...readBertSizes(place, { epsilon: 1e-5 }),
    pool,
    prefixes: readCount(field(place, 'prefixes'), pool === 'cls' ? 1 : 0),
    places: readCount(field(place, 'places'), 64),
  };
}
