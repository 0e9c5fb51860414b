import type { HostTensor, Json, Model } from '@tesserae/core';
import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { codebooksFor, type EncodecConfig, parseConfig } from '../../src/encodec/config';
import { readEcdc, writeEcdc } from '../../src/encodec/ecdc';
import { encodec } from '../../src/encodec/encodec';
import { encodeFunction } from '../../src/encodec/functions';
import { loudness, scaled } from '../../src/encodec/loudness';
import { segmentOf } from '../../src/encodec/run-segments';
import { overlapAdd, segmentSizes, segmentsOf } from '../../src/encodec/segments';
import { modelSamples } from '../../src/tokenizer/finish-audio';
import { audioTensor, channelsOf } from '../../src/tokenizer/host-audio';
import { batchFirst } from './batch-first';

/** Whole clips, or segments with their loudness and their cross-fade. */
export const runEncodec: ParityRunner = async (test, report) => {
  const {
    overrides = {},
    bandwidth,
    ...args
  } = test.config as unknown as Readonly<Record<string, Json>> & {
    readonly overrides?: Readonly<Record<string, Json>>;
    readonly bandwidth: number;
  };
  const config = parseConfig({ ...args, ...overrides });
  const model = await test.load(encodec, { config });
  const name = encodeFunction(codebooksFor(config, bandwidth));
  const audio = test.input('audio', 'ncl-nlc');
  const { files = [] } = test.facts as { readonly files?: readonly string[] };
  if (files.includes('clip.ecdc')) await runFile(test, report, model);
  if (segmentSizes(config) === undefined) await runWhole(test, report, model, name, audio);
  else await runSegments(report, model, name, audio);
};

async function runWhole(
  test: ParityCase,
  report: ParityReport,
  model: Model<EncodecConfig>,
  name: string,
  audio: HostTensor,
): Promise<void> {
  const encoded = await model.run(name, { audio });
  report.tensor('enc_conv_in', encoded['tap:encoder.conv_in'], 'nlc-ncl');
  report.tensor('enc_lstm', encoded['tap:encoder.lstm'], 'nlc-ncl');
  report.tensor('latents', encoded['tap:encoder.latents'], 'nlc-ncl');
  report.tensor('codes', batchFirst(encoded['ids']!));
  const decoded = await model.run('decode', { ids: encoded['ids']! });
  report.tensor('quantized', decoded['tap:codes'], 'nlc-ncl');
  report.tensor('dec_lstm', decoded['tap:decoder.lstm'], 'nlc-ncl');
  report.tensor('dec_up0', decoded['tap:decoder.up0'], 'nlc-ncl');
  if (test.expects('dec_up3')) report.tensor('dec_up3', decoded['tap:decoder.up3'], 'nlc-ncl');
  report.tensor('wave', decoded['audio'], 'nlc-ncl');
}

async function runSegments(
  report: ParityReport,
  model: Model<EncodecConfig>,
  name: string,
  audio: HostTensor,
): Promise<void> {
  const parts: Float32Array[][] = [];
  for (const [index, segment] of segmentsOf(model.config, audio.shape[1]!).entries()) {
    const own = segmentOf(audio, segment);
    const scale = loudness(own);
    report.tensor(`scale_${index}`, { shape: [1, 1], data: Float32Array.of(scale) });
    const encoded = await model.run(name, { audio: scaled(own, scale, 'divide') });
    report.tensor(`latents_${index}`, encoded['tap:encoder.latents'], 'nlc-ncl');
    report.tensor(`codes_${index}`, batchFirst(encoded['ids']!));
    const decoded = await model.run('decode', { ids: encoded['ids']! });
    report.tensor(`quantized_${index}`, decoded['tap:codes'], 'nlc-ncl');
    parts.push(channelsOf(scaled(decoded['audio']!, scale, 'multiply')));
  }
  const wave = overlapAdd(parts, segmentSizes(model.config)!.stride);
  report.tensor('wave', audioTensor(wave), 'nlc-ncl');
}

/** The file of the official command has the codes of the case, and they become the same bytes again. */
async function runFile(test: ParityCase, report: ParityReport, model: Model<EncodecConfig>): Promise<void> {
  const bytes = await test.bytes('clip.ecdc');
  const tokens = readEcdc(bytes, model);
  const { data } = test.expected('codes');
  report.equal(
    'codes of clip.ecdc',
    tokens.levels.flatMap((level) => [...level.data]),
    [...data],
  );
  report.equal('samples of clip.ecdc', modelSamples(tokens, model.config.sampleRate), test.input('audio').shape.at(-1));
  report.equal('bytes of clip.ecdc', [...writeEcdc(tokens, model)], [...bytes]);
}
