import type * as tf from '@tensorflow/tfjs-core';
import {
  defineSystem,
  type HostTensors,
  InputError,
  type Model,
  modelFunction,
  type RunOptions,
  ShapeError,
} from '@tesserae/core';
import { library } from '../library';
import { type Matrix, rowCount, rowOf } from '../numeric/matrix';
import { parseConfig, type ZettConfig } from './config';
import { predictEmbeddings } from './hypernetwork';
import type { SurfaceForms } from './surface-forms';
import { readWeights, type ZettParams } from './weights';

export interface PredictOptions extends RunOptions {
  /** Index of the language, where the network knows languages. */
  readonly language?: number;
  /** Tokens at once. Default 256. */
  readonly batchSize?: number;
}

/** Embeddings of a new vocabulary, `[tokens, width]` each. */
export interface PredictedEmbeddings {
  readonly embeddings: Matrix;
  /** Where the model has output embeddings of their own. */
  readonly outputs?: Matrix;
  /** `[tokens]`, where the network predicts it. */
  readonly bias?: Float32Array;
}

/** A loaded hypernetwork. */
export interface Zett {
  readonly config: ZettConfig;
  /**
   * @param surface - Spellings of the new tokens, of `surfaceForms`.
   * @param sources - Input embeddings of the language model, output embeddings side by side with them where it has any:
   *   `[source vocabulary, source width]`.
   * @throws {ShapeError} Sources or spellings of another width.
   * @throws {InputError} An id without an embedding; no language, or one too many.
   */
  predict(surface: SurfaceForms, sources: Matrix, options?: PredictOptions): Promise<PredictedEmbeddings>;
  dispose(): Promise<void>;
}

interface Inputs {
  readonly [name: string]: tf.Tensor;
  readonly sources: tf.Tensor3D;
  readonly fallbackIds: tf.Tensor2D;
  readonly isFallback: tf.Tensor2D;
  readonly mask: tf.Tensor2D;
}

function create(model: Model<ZettConfig>): Zett {
  const { config } = model;
  return {
    config,
    async predict(surface, sources, { language, batchSize = 256, ...options } = {}) {
      checkInputs(surface, sources, language, config);
      const { embeddingWidth: columns } = config;
      const embeddings = new Float32Array(surface.rows * columns);
      const outputs = new Float32Array(config.hasOutputEmbeddings ? surface.rows * columns : 0);
      const bias = new Float32Array(config.predictsBias ? surface.rows : 0);
      for (let first = 0; first < surface.rows; first += batchSize) {
        const last = Math.min(first + batchSize, surface.rows);
        const inputs = surfaceBatch(surface, sources, { first, last, config });
        const told: HostTensors =
          language === undefined ? {} : { language: { shape: [1], data: Int32Array.of(language) } };
        const batch = await model.run('predict', { ...inputs, ...told }, options);
        embeddings.set(batch['embeddings']!.data, first * columns);
        if (batch['outputs']) outputs.set(batch['outputs'].data, first * columns);
        if (batch['bias']) bias.set(batch['bias'].data, first);
      }
      return {
        embeddings: { values: embeddings, columns },
        ...(config.hasOutputEmbeddings && { outputs: { values: outputs, columns } }),
        ...(config.predictsBias && { bias }),
      };
    },
    dispose: () => model.dispose(),
  };
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly config: ZettConfig;
}

/** Source embeddings are looked up here: the table of a language model is too large to be an input. */
function surfaceBatch(surface: SurfaceForms, sources: Matrix, { first, last, config }: Range): HostTensors {
  const { columns } = surface;
  const shape = [last - first, columns];
  const ids = surface.ids.subarray(first * columns, last * columns);
  const isExtra = (id: number) => id >= config.sourceVocabularySize;
  const looked = new Float32Array(ids.length * sources.columns);
  ids.forEach((id, at) => {
    if (!isExtra(id)) looked.set(rowOf(sources, id), at * sources.columns);
  });
  return {
    sources: { shape: [...shape, sources.columns], data: looked },
    fallbackIds: { shape, data: ids.map((id) => (isExtra(id) ? id - config.sourceVocabularySize : 0)) },
    isFallback: { shape, data: Float32Array.from(ids, (id) => (isExtra(id) ? 1 : 0)) },
    mask: { shape, data: Float32Array.from(ids, (id) => (id === config.paddingId ? 0 : 1)) },
  };
}

function checkInputs(surface: SurfaceForms, sources: Matrix, language: number | undefined, config: ZettConfig): void {
  const width = config.embeddingWidth * (config.hasOutputEmbeddings ? 2 : 1);
  const rows = rowCount('sources', sources);
  if (rows !== config.sourceVocabularySize || sources.columns !== width) {
    throw new ShapeError('sources', `[${config.sourceVocabularySize}, ${width}]`, [rows, sources.columns]);
  }
  if (surface.columns !== config.surfaceLength) {
    throw new ShapeError('surface', `[tokens, ${config.surfaceLength}]`, [surface.rows, surface.columns]);
  }
  const limit = config.sourceVocabularySize + config.extraTokens;
  const at = surface.ids.findIndex((id) => id < 0 || id >= limit);
  if (at >= 0) throw new InputError('surface', `ids of 0..${limit - 1}`, `${surface.ids[at]} at ${at}`);
  const isKnown = language === undefined ? config.languages === 0 : language >= 0 && language < config.languages;
  if (!isKnown) {
    const wanted = config.languages === 0 ? 'none: this network knows no languages' : `0..${config.languages - 1}`;
    throw new InputError('language', wanted, String(language));
  }
}

/**
 * ZeTT, zero-shot tokenizer transfer (arXiv 2405.07883): `benjamin/zett-hypernetwork-xlm-roberta-base` and others, their
 * PyTorch weights.
 */
export const zett = defineSystem<ZettConfig, ZettParams, Zett>({
  id: 'text/zett',
  library,
  presets: {},
  parseConfig,
  weights: readWeights,
  functions: (config) => ({
    predict: modelFunction(
      (params: ZettParams) => params,
      (params, inputs: Inputs) => predictEmbeddings(inputs, params, config),
    ),
  }),
  create,
});
