import type { HostTensor, HostTensors } from '@tesserae/core';
import type { ParityRunner } from '@tesserae/core/test';
import { beats } from '../../src/beats/beats';
import { parseConfig } from '../../src/beats/config';
import { beatsFilterBank } from '../../src/beats/filter-bank';
import { bandsOf } from '../../src/beats/rooms';
import { rowsOf } from './rows';

/** Batches as the official code has them, with their padding masks. */
export const runBeats: ParityRunner = async (test, report) => {
  const config = parseConfig(test.config);
  const model = await test.load(beats, { config });
  const bank = stack(rowsOf(test.input('audio')).map((row) => beatsFilterBank(row)));
  report.tensor('fbank', bank);
  const frames = bank.shape[1]!;
  const labels = Math.floor(frames / config.patchSize) * bandsOf(config);
  const padding: HostTensors = test.inputs.includes('padding_mask')
    ? { padding: stack(rowsOf(test.input('padding_mask')).map((mask) => patchPadding(mask, frames, labels))) }
    : {};
  const encoded = await model.run('encode', { bank, ...padding });
  report.tensor('tap_patch', encoded['tap:patch'], 'nhwc-nchw');
  const taps = { tap_norm: 'norm', tap_proj: 'project', latents: 'latents', latents_unit: 'latents.unit' };
  const layers = Array.from({ length: config.layers }, (_, index) => [`tap_layer${index}`, `layer${index}`] as const);
  report.tensor('tap_pos_conv', encoded['tap:positions'], 'nlc-ncl');
  for (const [name, tap] of [...Object.entries(taps), ...layers]) {
    if (test.expects(name)) report.tensor(name, encoded[`tap:${tap}`]);
  }
  const ids = encoded['ids']!;
  report.tensor('codes', { shape: [ids.data.length], data: ids.data });
};

/** Equal tensors of `[1, ...]` as one batch. */
function stack(items: readonly HostTensor[]): HostTensor {
  const [first] = items;
  const size = first!.data.length;
  const data = new Float32Array(items.length * size);
  items.forEach((item, index) => data.set(item.data, index * size));
  return { shape: [items.length, ...first!.shape.slice(1)], data };
}

/** The official `forward_padding_mask`, of samples to frames and of frames to patches: `[1, labels]`. */
function patchPadding(mask: Float32Array, frames: number, labels: number): HostTensor {
  return { shape: [1, labels], data: allOf(allOf(mask, frames), labels) };
}

/** 1 for every part of which all is padded; what is left of equal parts is dropped. */
function allOf(mask: Float32Array, parts: number): Float32Array {
  const size = Math.floor(mask.length / parts);
  return Float32Array.from({ length: parts }, (_, part) =>
    Number(mask.subarray(part * size, (part + 1) * size).every((value) => value !== 0)),
  );
}
