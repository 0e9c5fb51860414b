import type { HostTensor, HostTensors, Model } from '@tesserae/core';
import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { frameLength, type MimiConfig, parseConfig } from '../../src/mimi/config';
import { decodeFunction, encodeFunction } from '../../src/mimi/functions';
import { mimi } from '../../src/mimi/mimi';
import { frameContext } from '../../src/mimi/network';
import { encodeWindows, stateOf } from '../../src/tokenizer/encode-windows';
import { windowsOf } from '../../src/tokenizer/frame-windows';
import { framesOf, joinCodes, joinFrames } from '../../src/tokenizer/frames';
import { batchFirst } from './batch-first';

/** Whole clips; windows of any size, which change nothing; and what the official code streams frame by frame. */
export const runMimi: ParityRunner = async (test, report) => {
  const config = parseConfig(test.config);
  const model = await test.load(mimi, { config });
  const audio = test.input('audio', 'ncl-nlc');
  const ids = await compareWhole(test, report, model, audio);
  await compareWindows(report, model, audio, ids);
  if (test.expects('codes_streamed')) await compareStreamed(report, model, audio);
};

async function compareWhole(test: ParityCase, report: ParityReport, model: Model<MimiConfig>, audio: HostTensor) {
  const { config } = model;
  const encoded = await model.run(encodeFunction(config.usedCodebooks, {}), { audio });
  reportTaps(test, report, encoded, {
    tap_encoder: 'encoder.latents',
    tap_enc_transformer: 'encoder.transformer',
    latents: 'latents',
  });
  reportLayer(test, report, encoded, 'tap_enc_layer0', 'encoder.transformer.layer0');
  const ids = encoded['ids']!;
  report.tensor('codes', batchFirst(ids));
  const decoded = await model.run('decode', { ids });
  reportTaps(test, report, decoded, {
    quantized: 'codes',
    tap_upsample: 'upsample',
    tap_dec_transformer: 'decoder.transformer',
    tap_dec_up0: 'decoder.up0',
  });
  reportLayer(test, report, decoded, 'tap_dec_layer0', 'decoder.transformer.layer0');
  report.tensor('wave', decoded['audio'], 'nlc-ncl');
  return ids;
}

function reportTaps(
  test: ParityCase,
  report: ParityReport,
  outputs: HostTensors,
  names: Readonly<Record<string, string>>,
): void {
  for (const [name, tap] of Object.entries(names)) {
    if (test.expects(name)) report.tensor(name, outputs[`tap:${tap}`], 'nlc-ncl');
  }
}

function reportLayer(test: ParityCase, report: ParityReport, outputs: HostTensors, name: string, tap: string): void {
  if (test.expects(name)) report.tensor(name, outputs[`tap:${tap}`]);
}

/** Windows of the encoder give the ids of the whole clip, those of the decoder its sound. */
async function compareWindows(
  report: ParityReport,
  model: Model<MimiConfig>,
  audio: HostTensor,
  ids: HostTensor,
): Promise<void> {
  const { config } = model;
  const [, batch, frames = 0] = ids.shape;
  const plan = { hopLength: frameLength(config), frames: 4, ...frameContext(config), reserve: 2 };
  if (batch !== 1 || frames < 8) return;
  const name = encodeFunction(config.usedCodebooks, {});
  const parts: HostTensors[] = [];
  for await (const { outputs } of encodeWindows(model, name, windowsOf(audio, plan), {})) parts.push(outputs);
  report.equal(`codes in ${parts.length} windows`, [...joinCodes(parts)['ids']!.data], [...ids.data]);
  report.tensor('wave', await decodeInWindows(model, 'decode', ids, 5), 'nlc-ncl');
}

/** Codes and sound of the official streaming: its attention has lost a step. */
async function compareStreamed(report: ParityReport, model: Model<MimiConfig>, audio: HostTensor): Promise<void> {
  const view = { framewise: true };
  const encoded = await model.run(encodeFunction(model.config.usedCodebooks, view), { audio });
  report.tensor('latents_streamed', encoded['tap:latents'], 'nlc-ncl');
  const ids = encoded['ids']!;
  report.tensor('codes_streamed', batchFirst(ids));
  const decoded = await model.run(decodeFunction(view), { ids });
  report.tensor('wave_streamed', decoded['audio'], 'nlc-ncl');
  report.tensor('wave_streamed', await decodeInWindows(model, decodeFunction(view), ids, 5), 'nlc-ncl');
}

async function decodeInWindows(
  model: Model<MimiConfig>,
  name: string,
  ids: HostTensor,
  size: number,
): Promise<HostTensor> {
  const frames = ids.shape[2]!;
  const parts: HostTensor[] = [];
  let state: HostTensors = {};
  for (let at = 0; at < frames; at += size) {
    const part = at === 0 ? 'start' : 'middle';
    const own = framesOf(ids, at, Math.min(frames, at + size));
    const outputs = await model.run(`${name}-${part}`, { ids: own, ...state });
    state = stateOf(outputs);
    const { shape, data } = outputs['audio']!;
    parts.push({ shape: [shape[2]!, 1, shape[1]!], data });
  }
  const { data } = joinFrames(parts);
  return { shape: [1, data.length, 1], data };
}
