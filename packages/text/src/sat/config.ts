import type { Json } from '@tesserae/core';
import { readBertSizes, readLabelCount } from '../bert/config';
import type { BertSizes } from '../bert/weights';
import { expected, field, isAbsent, type JsonPlace, jsonPlace, readCount } from '../pipeline/json-reader';

/** An XLM-R with few layers that labels tokens. */
export interface SatConfig extends BertSizes {
  readonly vocabularySize: number;
  /** Rows of the position table: two more than the longest sequence. */
  readonly positions: number;
  readonly tokenTypes: number;
  /** Id of the padding token, which positions do not count. */
  readonly paddingId: number;
  /** Labels of a token; the first says that a sentence ends. */
  readonly labels: number;
  /** Tokens behind it that a token may see through all layers together; undefined for all. */
  readonly lookahead?: number;
  /** The lookahead is spent in so many layers, and those behind them are causal. */
  readonly lookaheadLayers?: number;
}

/** Reads `config.json` of a SaT model (`model_type` `xlm-token`). @throws {ConfigError} */
export function parseConfig(json: Json): SatConfig {
  const place = jsonPlace(json, 'sat config.json: ');
  const sizes = readBertSizes(place, { epsilon: 1e-5 });
  const lookahead = readOptional(field(place, 'lookahead'));
  const split = field(place, 'lookahead_split_layers');
  const lookaheadLayers = readOptional(split);
  if (lookaheadLayers !== undefined && (lookaheadLayers === 0 || lookaheadLayers > sizes.layers)) {
    throw expected(split, `1..${sizes.layers} layers`);
  }
  return {
    ...sizes,
    vocabularySize: readCount(field(place, 'vocab_size'), 250_002),
    positions: readCount(field(place, 'max_position_embeddings'), 514),
    tokenTypes: readCount(field(place, 'type_vocab_size'), 1),
    paddingId: readCount(field(place, 'pad_token_id'), 1),
    labels: readLabelCount(place),
    ...(lookahead !== undefined && { lookahead }),
    ...(lookaheadLayers !== undefined && { lookaheadLayers }),
  };
}

const readOptional = (place: JsonPlace) => (isAbsent(place) ? undefined : readCount(place));
