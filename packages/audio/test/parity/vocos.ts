import type * as tf from '@tensorflow/tfjs-core';
import { defineSystem, modelFunction } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { library } from '../../src/library';
import { decodeBackbone } from '../../src/wavtokenizer/backbone';
import { type BackboneConfig, type HeadConfig, parseBackbone, parseHead } from '../../src/wavtokenizer/config';
import { decodeHead } from '../../src/wavtokenizer/head';
import { type BackboneParams, type HeadParams, readBackbone, readHead } from '../../src/wavtokenizer/weights';
import { suffixesOf } from './suffixes';

/** `VocosBackbone` by itself. */
const backbone = defineSystem({
  id: 'audio/vocos-backbone',
  library,
  presets: {},
  parseConfig: parseBackbone,
  weights: readBackbone,
  functions: (config: BackboneConfig) => ({
    decode: modelFunction(
      (params: BackboneParams) => params,
      (p, { x, condition }: { readonly x: tf.Tensor3D; readonly condition?: tf.Tensor1D }) => ({
        y: decodeBackbone(x, condition, p, config),
      }),
    ),
  }),
  create: (model) => model,
});

/** `ISTFTHead` by itself. */
const head = defineSystem({
  id: 'audio/istft-head',
  library,
  presets: {},
  parseConfig: parseHead,
  weights: readHead,
  functions: (config: HeadConfig) => ({
    decode: modelFunction(
      (params: HeadParams) => params,
      (p, { x }: { readonly x: tf.Tensor3D }) => ({ wave: decodeHead(x, p, config) }),
    ),
  }),
  create: (model) => model,
});

export const runBackbone: ParityRunner = async (test, report) => {
  const { bandwidth_id: condition = 0 } = test.config as { readonly bandwidth_id?: number };
  const config = parseBackbone(test.config);
  const model = await test.load(backbone, { config });
  for (const suffix of suffixesOf(test, 'x')) {
    const outputs = await model.run('decode', {
      x: test.input(`x${suffix}`, 'ncl-nlc'),
      ...(config.conditions > 0 && { condition: { shape: [1], data: Int32Array.of(condition) } }),
    });
    for (const name of ['embed', 'pos_net', 'convnext0']) {
      report.tensor(name + suffix, outputs[`tap:backbone.${name}`], 'nlc-ncl');
    }
    report.tensor(`norm${suffix}`, outputs['tap:backbone.norm']);
    report.tensor(`y${suffix}`, outputs['y']);
  }
};

export const runHead: ParityRunner = async (test, report) => {
  const model = await test.load(head, { config: parseHead(test.config) });
  for (const suffix of suffixesOf(test, 'x')) {
    const outputs = await model.run('decode', { x: test.input(`x${suffix}`) });
    report.tensor(`head_out${suffix}`, outputs['tap:head.out']);
    report.tensor(`wave${suffix}`, outputs['wave']);
  }
};
