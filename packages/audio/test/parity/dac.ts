import type { HostTensor, Json } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { parseConfig } from '../../src/dac/config';
import { dac } from '../../src/dac/dac';
import { latentKernel } from '../../src/dac/weights';
import { hopLength } from '../../src/snake/config';
import { encoderReach } from '../../src/snake/reach';
import { batchFirst } from './batch-first';
import { reportWindows } from './report-windows';

/** The whole network, with as many codebooks as the case uses. */
export const runDac: ParityRunner = async (test, report) => {
  const { n_quantizers: used, overrides = {}, ...args } = test.config as Readonly<Record<string, Json>>;
  const config = parseConfig({ ...args, ...(overrides as Readonly<Record<string, Json>>) });
  const model = await test.load(dac, { config });
  const audio = test.input('audio', 'ncl-nlc');
  const encoded = await model.run('encode', { audio });
  const levels = typeof used === 'number' ? used : config.codebooks;
  const ids = firstRows(encoded['ids']!, levels);
  if (test.expects('tap_enc_conv_in')) report.tensor('tap_enc_conv_in', encoded['tap:encoder.conv_in'], 'nlc-ncl');
  if (test.expects('tap_enc_block0')) report.tensor('tap_enc_block0', encoded['tap:encoder.block0'], 'nlc-ncl');
  report.tensor('latents', encoded['tap:encoder.latents'], 'nlc-ncl');
  const width = config.codeWidths.slice(0, levels).reduce((sum, own) => sum + own, 0);
  report.tensor('proj', firstChannels(encoded['tap:quantizer.projected']!, width), 'nlc-ncl');
  report.tensor('codes', batchFirst(ids));
  const decoded = await model.run('decode', { ids });
  report.tensor('quantized', decoded['tap:codes'], 'nlc-ncl');
  if (test.expects('tap_dec0')) report.tensor('tap_dec0', decoded['tap:decoder.conv_in'], 'nlc-ncl');
  if (test.expects('tap_dec_block0')) report.tensor('tap_dec_block0', decoded['tap:decoder.block0'], 'nlc-ncl');
  report.tensor('wave', decoded['audio'], 'nlc-ncl');

  const reach = encoderReach(config.network, { unit: 1, attention: 1, latentKernel });
  const facts = { ...reach, sampleRate: config.sampleRate, hopLength: hopLength(config.network) };
  await reportWindows(model, audio, facts, report);
};

/** The first codebooks of `[codebooks, B, F]`. */
function firstRows({ shape, data }: HostTensor, rows: number): HostTensor {
  const [, batch = 0, frames = 0] = shape;
  return { shape: [rows, batch, frames], data: data.slice(0, rows * batch * frames) as Int32Array };
}

/** The first channels of `[B, F, C]`. */
function firstChannels({ shape, data }: HostTensor, width: number): HostTensor {
  const [batch = 0, frames = 0, channels = 0] = shape;
  const kept = Array.from({ length: batch * frames }, (_, row) => [
    ...data.subarray(row * channels, row * channels + width),
  ]);
  return { shape: [batch, frames, width], data: Float32Array.from(kept.flat()) };
}
