import * as tf from '@tensorflow/tfjs-core';
import {
  defineSystem,
  type Host,
  type HostTensor,
  type Json,
  type Model,
  modelFunction,
  type WeightMap,
} from '@tesserae/core';
import { layerNorm, type NormParams } from '@tesserae/core/nn';
import { bertLayer } from '../bert/bert-layer';
import { readBertSizes } from '../bert/config';
import { type BertLayerParams, type BertSizes, readBertLayers } from '../bert/weights';
import { library } from '../library';
import { field, jsonPlace, readChoice, readCount } from '../pipeline/json-reader';
import { attendToWords, meanOfWords, prefixesOfWords, sameWordMask, type WordQueryParams } from './pool-words';
import { layoutWords } from './word-layout';

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

/** Words as vectors. */
export interface WordPooler {
  readonly config: WordPoolerConfig;
  /**
   * @param sequences - Bytes of the words of every row, of any splitter (`hatSplitBytes`).
   * @returns `[rows, words, width]`; `[rows, words, prefixes · width]` for `cls`.
   */
  pool(sequences: readonly (readonly Uint8Array[])[]): Promise<HostTensor>;
  dispose(): Promise<void>;
}

interface WordPoolerParams {
  /** `[256 + prefixes, width]`. */
  readonly bytes: tf.Tensor2D;
  /** `[places + prefixes, width]`. */
  readonly places: tf.Tensor2D;
  readonly norm: NormParams;
  readonly layers: readonly BertLayerParams[];
  readonly query?: WordQueryParams;
}

interface Inputs {
  readonly [name: string]: tf.Tensor;
  readonly ids: tf.Tensor2D;
  readonly places: tf.Tensor2D;
  readonly wordOf: tf.Tensor2D;
  readonly numbers: tf.Tensor1D;
  readonly prefixColumns: tf.Tensor2D;
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

function readWeights(map: WeightMap, config: WordPoolerConfig): Host<WordPoolerParams> {
  const { width, prefixes, places, pool } = config;
  const query = () => ({
    query: map.tensor('query', [width]),
    key: map.linear('key', width, width),
    value: map.linear('value', width, width),
    out: map.linear('out', width, width),
  });
  return {
    bytes: map.tensor('bytes.weight', [256 + prefixes, width], { role: 'embedding' }),
    places: map.tensor('places.weight', [places + prefixes, width], { role: 'embedding' }),
    norm: map.norm('norm', width),
    layers: readBertLayers(map.at('encoder'), config),
    ...(pool === 'cross-attention' && { query: query() }),
  } as Host<WordPoolerParams>;
}

function poolWords(params: WordPoolerParams, inputs: Inputs, config: WordPoolerConfig): tf.Tensor3D {
  const { ids, places, wordOf, numbers, prefixColumns } = inputs;
  const sum = tf.add(tf.gather(params.bytes as tf.Tensor, ids), tf.gather(params.places as tf.Tensor, places));
  let x = layerNorm(sum, params.norm, config.epsilon) as tf.Tensor3D;
  const mask = sameWordMask(wordOf);
  for (const layer of params.layers) x = bertLayer(x, layer, mask, config);
  if (config.pool === 'cls') return prefixesOfWords(x, prefixColumns, config.prefixes);
  if (config.pool === 'mean') return meanOfWords(x, wordOf, numbers);
  return attendToWords(x, wordOf, numbers, { params: params.query!, heads: config.heads });
}

function create(model: Model<WordPoolerConfig>): WordPooler {
  const { config } = model;
  return {
    config,
    async pool(sequences) {
      const { rows, columns, words, ...layout } = layoutWords(sequences, { prefixes: config.prefixes });
      if (columns === 0) return { shape: [rows, 0, config.width], data: new Float32Array(0) };
      const last = config.places + config.prefixes - 1;
      const shape = [rows, columns];
      const inputs = {
        ids: { shape, data: layout.ids },
        places: { shape, data: layout.placeInWord.map((place) => Math.min(place, last)) },
        wordOf: { shape, data: layout.wordOf },
        ...(config.pool === 'cls'
          ? { prefixColumns: { shape: [rows, words * config.prefixes], data: layout.prefixColumns } }
          : { numbers: { shape: [words], data: Float32Array.from({ length: words }, (_, number) => number) } }),
      };
      return (await model.run('pool', inputs))['words']!;
    },
    dispose: () => model.dispose(),
  };
}

/**
 * Vectors of words from their bytes, in the ways of Learn Your Tokens (arXiv 2310.11628) and Byte2Word (arXiv
 * 2305.14786). There is no official code and there are no weights: to be trained.
 */
export const wordPooler = defineSystem<WordPoolerConfig, WordPoolerParams, WordPooler>({
  id: 'text/word-pooler',
  library,
  presets: {},
  parseConfig: parseWordPoolerConfig,
  weights: readWeights,
  functions: (config) => ({
    pool: modelFunction(
      (params: WordPoolerParams) => params,
      (params, inputs: Inputs) => ({ words: poolWords(params, inputs, config) }),
    ),
  }),
  create,
});
