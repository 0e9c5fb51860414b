import type { Json, Model } from '@tesserae/core';
import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { encoderContext } from '../../src/seanet/reach';
import { encodeWindows } from '../../src/tokenizer/encode-windows';
import { windowsOf } from '../../src/tokenizer/frame-windows';
import { joinCodes } from '../../src/tokenizer/frames';
import { parseConfig, type WavtokenizerConfig } from '../../src/wavtokenizer/config';
import { wavtokenizer } from '../../src/wavtokenizer/wavtokenizer';
import { suffixesOf } from './suffixes';
import { runBackbone, runHead } from './vocos';
import { runCodebook } from './wavtokenizer-codebook';

/** The whole pipeline, or one part of it, by the arguments that the case gives. */
export const runWavtokenizer: ParityRunner = async (test, report) => {
  const config = test.config as Readonly<Record<string, Json>>;
  if ('feature_extractor' in config) await runPipeline(test, report, config);
  else if ('input_channels' in config) await runBackbone(test, report);
  else if ('n_fft' in config) await runHead(test, report);
  else await runCodebook(test, report);
};

/** The official arguments; sizes that the official class fixes go where we take them. */
function configOf(config: Readonly<Record<string, Json>>): WavtokenizerConfig {
  const { n_filters, dimension } = (config['overrides'] ?? {}) as Readonly<Record<string, Json>>;
  return parseConfig({
    ...config,
    feature_extractor: {
      ...(config['feature_extractor'] as Readonly<Record<string, Json>>),
      ...(n_filters !== undefined && { n_filters }),
      ...(dimension !== undefined && { dimension }),
    },
  });
}

async function runPipeline(test: ParityCase, report: ParityReport, config: Readonly<Record<string, Json>>) {
  const parsed = configOf(config);
  const model = await test.load(wavtokenizer, { config: parsed });
  const condition = { shape: [1], data: Int32Array.of((config['bandwidth_id'] as number | undefined) ?? 0) };
  for (const suffix of suffixesOf(test, 'audio')) {
    const audio = asChannels(test.input(`audio${suffix}`));
    const encoded = await model.run('encode', { audio });
    const taps = {
      enc_conv_in: 'encoder.conv_in',
      enc_res0: 'encoder.block0',
      [suffix === '' ? 'enc_pre_lstm' : 'pre_lstm']: `encoder.down${parsed.encoder.ratios.length - 1}`,
      [suffix === '' ? 'enc_lstm' : 'lstm']: 'encoder.lstm',
      latents: 'encoder.latents',
    };
    reportTaps(test, report, encoded, taps, suffix, 'nlc-ncl');
    report.tensor(`codes${suffix}`, encoded['ids']);
    await compareWindows(report, model, audio, [...encoded['ids']!.data], suffix);
    if (test.expects(`wave${suffix}`)) await runDecoder(encoded['ids']!, suffix);
  }
  for (const suffix of suffixesOf(test, 'codes')) await runDecoder(test.input(`codes${suffix}`), suffix);

  async function runDecoder(ids: Parameters<typeof model.run>[1][string], suffix: string) {
    const { conditions } = parsed.backbone;
    const decoded = await model.run('decode', { ids, ...(conditions > 0 && { condition }) });
    const last = parsed.backbone.layers - 1;
    reportTaps(
      test,
      report,
      decoded,
      {
        features: 'codes',
        bb_embed: 'backbone.embed',
        bb_pos0: 'backbone.pos0',
        bb_attn: 'backbone.attention',
        bb_pos_net: 'backbone.pos_net',
        bb_convnext0: 'backbone.convnext0',
        [`bb_convnext${last}`]: `backbone.convnext${last}`,
      },
      suffix,
      'nlc-ncl',
    );
    const rows = { bb_norm: 'backbone.norm', bb_out: 'backbone.out', head_out: 'head.out' };
    reportTaps(test, report, decoded, rows, suffix, 'as-is');
    report.tensor(`wave${suffix}`, decoded['audio']);
  }
}

type HostTensor = Parameters<Model<unknown>['run']>[1][string];

function reportTaps(
  test: ParityCase,
  report: ParityReport,
  outputs: Readonly<Record<string, HostTensor>>,
  names: Readonly<Record<string, string>>,
  suffix: string,
  layout: 'nlc-ncl' | 'as-is',
): void {
  for (const [name, tap] of Object.entries(names)) {
    if (test.expects(name + suffix)) report.tensor(name + suffix, outputs[`tap:${tap}`], layout);
  }
}

/** `[B, T]` as `[B, T, 1]`. */
function asChannels({ shape, data }: HostTensor): HostTensor {
  return { shape: [...shape, 1], data };
}

/** Windows of any size give the ids of the whole clip. */
async function compareWindows(
  report: ParityReport,
  model: Model<WavtokenizerConfig>,
  audio: HostTensor,
  whole: readonly number[],
  suffix: string,
): Promise<void> {
  const [batch, samples = 0] = audio.shape;
  if (batch !== 1) return;
  const { encoder } = model.config;
  const hopLength = encoder.ratios.reduce((product, ratio) => product * ratio, 1);
  const frames = Math.ceil(samples / hopLength);
  for (const size of new Set([8, 13, Math.floor(frames / 2)])) {
    if (size < 8 || frames < size + 10) continue;
    const plan = { hopLength, frames: size, ...encoderContext(encoder), reserve: 8 };
    const parts = [];
    for await (const { outputs } of encodeWindows(model, 'encode', windowsOf(audio, plan), {})) parts.push(outputs);
    report.equal(`codes${suffix} in windows of ${size}`, [...joinCodes(parts)['ids']!.data], whole);
  }
}
