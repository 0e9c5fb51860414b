import type { HostTensor, HostTensors, Json } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { type SnacConfig, parseConfig, unitFrames } from '../../src/snac/config';
import { noiseInput } from '../../src/snac/functions';
import { rowsOf } from '../../src/snac/levels';
import { reachFacts } from '../../src/snac/reach-facts';
import { snac } from '../../src/snac/snac';
import { hopLength } from '../../src/snake/config';
import { encoderReach } from '../../src/snake/reach';
import { reportWindows } from './report-windows';

/** The whole network with the noise of the case. */
export const runSnac: ParityRunner = async (test, report) => {
  const { overrides = {}, ...args } = test.config as Readonly<Record<string, Json>>;
  const config = parseConfig({ ...args, ...(overrides as Readonly<Record<string, Json>>) });
  const model = await test.load(snac, { config });
  const audio = test.input('audio', 'ncl-nlc');
  const encoded = await model.run('encode', { audio });
  const tap = (name: string, outputs: HostTensors, from: string) => {
    if (test.expects(name)) report.tensor(name, outputs[`tap:${from}`], 'nlc-ncl');
  };
  tap('tap_enc_conv_in', encoded, 'encoder.conv_in');
  tap('tap_enc_block0', encoded, 'encoder.block0');
  tap('tap_enc_attn', encoded, 'encoder.attention');
  report.tensor('latents', encoded['tap:encoder.latents'], 'nlc-ncl');
  levelIds(encoded['ids']!, config).forEach((ids, level) => {
    report.tensor(`proj_${level}`, encoded[`tap:quantizer.projected${level}`], 'nlc-ncl');
    report.tensor(`codes_${level}`, ids);
  });
  const noise = config.noise
    ? Object.fromEntries(
        config.network.decoderRates.map((_, stage) => [noiseInput(stage), test.input(`noise_${stage}`, 'ncl-nlc')]),
      )
    : {};
  const decoded = await model.run('decode', { ids: encoded['ids']!, ...noise });
  report.tensor('quantized', decoded['tap:codes'], 'nlc-ncl');
  tap('tap_dec0', decoded, 'decoder.conv_in');
  tap('tap_dec_attn', decoded, 'decoder.attention');
  tap('tap_dec_block0', decoded, 'decoder.block0');
  report.tensor('wave', decoded['audio'], 'nlc-ncl');

  const unit = hopLength(config.network) * unitFrames(config);
  const facts = { ...encoderReach(config.network, reachFacts(config)), sampleRate: config.sampleRate, hopLength: unit };
  await reportWindows(model, audio, facts, report);
};

/** Rows `[rows, B, units]` as the official list of `[B, codes]`. */
function levelIds({ shape, data }: HostTensor, config: SnacConfig): HostTensor[] {
  const [, batch = 0, units = 0] = shape;
  let first = 0;
  return rowsOf(config).map((rows) => {
    const out = new Int32Array(batch * units * rows);
    for (let row = 0; row < rows; row += 1) {
      for (let item = 0; item < batch; item += 1) {
        for (let unit = 0; unit < units; unit += 1) {
          out[(item * units + unit) * rows + row] = data[((first + row) * batch + item) * units + unit]!;
        }
      }
    }
    first += rows;
    return { shape: [batch, units * rows], data: out };
  });
}
