import { defineSystem, type Model, modelFunction } from '@tesserae/core';
import { library } from '../library';
import { type CharacterInputs, characterSplitter, type CharacterSplitter } from './character-model';
import { parseConfig, type WtpConfig } from './config';
import { labelCharacters } from './encoder';
import { readWeights, type WtpParams } from './weights';

/** Finds ends of sentences by characters. */
export interface Wtp extends CharacterSplitter {
  readonly config: WtpConfig;
  dispose(): Promise<void>;
}

function create(model: Model<WtpConfig>): Wtp {
  const { config } = model;
  return {
    config,
    ...characterSplitter({
      ...config,
      run: async (ids, mask, { language: _, ...options }) =>
        (await model.run('label', { ids, mask }, options))['logits']!,
    }),
    dispose: () => model.dispose(),
  };
}

/** WtP, Where's the Point (arXiv 2305.18893), with characters in a BERT: `benjamin/wtp-bert-mini` and `-tiny`. */
export const wtp = defineSystem<WtpConfig, WtpParams, Wtp>({
  id: 'text/wtp',
  library,
  presets: {},
  parseConfig,
  weights: readWeights,
  functions: (config) => ({
    label: modelFunction(
      (params: WtpParams) => params,
      (params, { ids, mask }: CharacterInputs) => ({ logits: labelCharacters(ids, mask, params, config) }),
    ),
  }),
  create,
});
