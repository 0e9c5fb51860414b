import type * as tf from '@tensorflow/tfjs-core';
import { defineSystem, type HostTensor, type Model, modelFunction } from '@tesserae/core';
import { library } from '../library';
import { parseCanineConfig, type WtpCanineConfig } from './canine-config';
import { labelByCanine } from './canine-encoder';
import { readCanineWeights, type WtpCanineParams } from './canine-weights';
import { type CharacterInputs, characterSplitter, type CharacterSplitter } from './character-model';
import { languageIndex } from './languages';

/** Finds ends of sentences by characters, with adapters of languages where the model has them. */
export interface WtpCanine extends CharacterSplitter {
  readonly config: WtpCanineConfig;
  dispose(): Promise<void>;
}

function create(model: Model<WtpCanineConfig>): WtpCanine {
  const { config } = model;
  return {
    config,
    ...characterSplitter({
      ...config,
      multipleOf: config.rate,
      run: async (ids, mask, { language, ...options }) => {
        const inputs: Record<string, HostTensor> = { ids, mask };
        if (config.adapter === 'on') inputs['language'] = { shape: [1], data: Int32Array.of(languageIndex(language)) };
        return (await model.run('label', inputs, options))['logits']!;
      },
    }),
    dispose: () => model.dispose(),
  };
}

/**
 * WtP, Where's the Point (arXiv 2305.18893), over CANINE: `benjamin/wtp-canine-s-1l`, `-3l`, `-6l`, `-9l` and `-12l`, also
 * those without adapters.
 */
export const wtpCanine = defineSystem<WtpCanineConfig, WtpCanineParams, WtpCanine>({
  id: 'text/wtp-canine',
  library,
  presets: {},
  parseConfig: parseCanineConfig,
  weights: readCanineWeights,
  functions: (config) => ({
    label: modelFunction(
      (params: WtpCanineParams) => params,
      (params, { ids, mask, ...others }: CharacterInputs) => ({
        logits: labelByCanine(ids, mask, others['language'] as tf.Tensor1D | undefined, params, config),
      }),
    ),
  }),
  create,
});
