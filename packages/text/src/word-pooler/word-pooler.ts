import * as tf from '@tensorflow/tfjs-core';
import { defineSystem, type HostTensor, type Model, modelFunction } from '@tesserae/core';
import { layerNorm } from '@tesserae/core/nn';
import { bertLayer } from '../bert/bert-layer';
import { library } from '../library';
import { parseWordPoolerConfig, type WordPoolerConfig } from './config';
import { attendToWords, meanOfWords, prefixesOfWords, sameWordMask } from './pool-words';
import { readWeights, type WordPoolerParams } from './weights';
import { layoutWords } from './word-layout';

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

interface Inputs {
  readonly [name: string]: tf.Tensor;
  readonly ids: tf.Tensor2D;
  readonly places: tf.Tensor2D;
  readonly wordOf: tf.Tensor2D;
  readonly numbers: tf.Tensor1D;
  readonly prefixColumns: tf.Tensor2D;
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
 * 2211.12677). There is no official code and there are no weights: to be trained.
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
