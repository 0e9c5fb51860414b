import { ConfigError, type Json } from '@tesserae/core';
import {
  field,
  isAbsent,
  type JsonPlace,
  jsonPlace,
  readChoice,
  readCount,
  readNumber,
  readObject,
} from '../pipeline/json-reader';

/** What finds the segments of a sequence. */
export interface MagnetPoolingConfig {
  /** Width of the hidden states. */
  readonly width: number;
  /** Width inside boundary predictors and feed-forward layers. */
  readonly innerWidth: number;
  readonly activation: 'gelu' | 'relu';
  /**
   * Share of positions that end a segment by script, 0..1: 0.2 is a segment every 5 bytes. One unnamed script (`''`) is
   * the single predictor of dynamic pooling.
   */
  readonly priors: Readonly<Record<string, number>>;
  /** Of the relaxed Bernoulli distribution in training. */
  readonly temperature: number;
  /** What is above ends a segment, 0..1. */
  readonly threshold: number;
}

/** A language model over bytes that sees segments in its middle layers. */
export interface MagnetConfig extends MagnetPoolingConfig {
  readonly vocabularySize: number;
  readonly heads: number;
  readonly headWidth: number;
  /** Layers before, between and behind pooling. */
  readonly layers: readonly [before: number, between: number, behind: number];
  /** Which script the first id of a sequence names. */
  readonly scriptOfId: ReadonlyMap<number, string>;
}

/** Priors of the published configuration. */
const publishedPriors: Readonly<Record<string, number>> = { latin: 0.2, deva: 0.08, cyrl: 0.1 };

/** Reads what pooling needs of a configuration of MAGNET or dynamic pooling. @throws {ConfigError} */
export function parsePoolingConfig(json: Json): MagnetPoolingConfig {
  return readPooling(jsonPlace(json, 'magnet config: '));
}

/** Reads a whole configuration: `d_model`, `n_head`, `model_config` and so on. @throws {ConfigError} */
export function parseConfig(json: Json): MagnetConfig {
  const place = jsonPlace(json, 'magnet config: ');
  const pooling = readPooling(place);
  const heads = readCount(field(place, 'n_head'), 12);
  const ids = field(place, 'script_to_id');
  const scriptOfId = Object.entries(isAbsent(ids) ? {} : readObject(ids)).map(([id, name]) => [Number(id), name]);
  return {
    ...pooling,
    vocabularySize: readCount(field(place, 'n_token')),
    heads,
    headWidth: readCount(field(place, 'd_head'), pooling.width / heads),
    layers: readLayers(field(place, 'model_config')),
    scriptOfId: new Map(scriptOfId as [number, string][]),
  };
}

function readPooling(place: JsonPlace): MagnetPoolingConfig {
  return {
    width: readCount(field(place, 'd_model')),
    innerWidth: readCount(field(place, 'd_inner')),
    activation: readChoice(field(place, 'activation_function'), ['gelu', 'relu'], 'gelu'),
    priors: readPriors(place),
    temperature: readNumber(field(place, 'temp'), 0.5),
    threshold: readNumber(field(place, 'threshold'), 0.5),
  };
}

/** Named scripts with their priors, a list of scripts that share one, or neither: a single predictor. */
function readPriors(place: JsonPlace): Readonly<Record<string, number>> {
  const named = field(place, 'all_script_ids_dict');
  if (!isAbsent(named)) {
    return Object.fromEntries(Object.keys(readObject(named)).map((name) => [name, readNumber(field(named, name))]));
  }
  const prior = field(place, 'prior');
  const { value: list } = field(place, 'scripts');
  if (!Array.isArray(list)) return { '': readNumber(prior, 0.2) };
  return Object.fromEntries(
    list.map((name) => [String(name), readNumber(prior, publishedPriors[String(name)] ?? 0.2)]),
  );
}

/** `[2, (12,), 2]`, as Python writes it. */
function readLayers({ value, path }: JsonPlace): MagnetConfig['layers'] {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? [2, [12], 2]);
  const counts = text.match(/\d+/gu)?.map(Number) ?? [];
  if (counts.length !== 3) throw new ConfigError(path, 'three numbers of layers, [2, (12,), 2]', text);
  return counts as [number, number, number];
}
