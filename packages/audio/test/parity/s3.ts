import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, Model } from '@tesserae/core';
import { linear, s3FsqQuantizer, type S3FsqParams } from '@tesserae/core/nn';
import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { parseConfig, type S3Config, tokenCount } from '../../src/s3/config';
import { encodeWindows } from '../../src/s3/encode-recording';
import { s3 } from '../../src/s3/s3';
import { spectrumOf } from '../../src/s3/spectrum';
import { longestRun } from '../../src/s3/windows';

/** Spectra to ids: batches at once and one by one, long ones in windows; or the quantizer alone. */
export const runS3: ParityRunner = async (test, report) => {
  if (!('name' in (test.config as object))) return runDigits(test, report);
  const config = parseConfig(test.config);
  const model = await test.load(s3, { config });
  const mel = test.input('mel', 'ncl-nlc');
  const lengths = [...test.input('mel_len').data];
  const tokens = lengths.map((frames) => tokenCount(frames, config));
  if (mel.shape[1]! > longestRun) return compareLong(test, report, model, items(mel, lengths));
  report.equal('code_len', tokens, [...test.expected('code_len').data]);
  report.tensor('code_len', { shape: [tokens.length], data: Int32Array.from(tokens) });
  const ids = await compareBatch(test, report, model, mel, lengths);
  await compareAlone(report, model, items(mel, lengths), ids);
  if (!listsOnnx(test)) return;
  // The file of the exporter and the state dict that the official reader makes of it are the same model.
  const exported = await test.load(s3, { config, file: 'model.onnx' });
  report.equal('fingerprint of model.onnx', exported.identity.fingerprint, model.identity.fingerprint);
  await compareBatch(test, report, exported, mel, lengths);
};

function listsOnnx({ facts }: ParityCase): boolean {
  const { files } = facts;
  return Array.isArray(files) && files.includes('model.onnx');
}

async function compareBatch(
  test: ParityCase,
  report: ParityReport,
  model: Model<S3Config>,
  mel: HostTensor,
  lengths: readonly number[],
): Promise<HostTensor> {
  const frames = { shape: [lengths.length], data: Float32Array.from(lengths) };
  const outputs = await model.run('encode', { mel, frames });
  const channelsLast = { conv1: 'encoder.conv1', conv2: 'encoder.conv2' };
  for (const [name, tap] of Object.entries(channelsLast)) {
    if (test.expects(name)) report.tensor(name, outputs[`tap:${tap}`], 'nlc-ncl');
  }
  const rows = { block0: 'encoder.block0', latents: 'encoder.latents', latents_unit: 'latents_unit' };
  for (const [name, tap] of Object.entries(rows)) {
    if (test.expects(name)) report.tensor(name, outputs[`tap:${tap}`]);
  }
  const digits = outputs['tap:project_down'];
  if (digits) report.tensor('project_down', { ...digits, shape: [digits.data.length / 8, 8] });
  const ids = outputs['ids']!;
  report.tensor('codes', { ...ids, shape: ids.shape.slice(1) });
  return ids;
}

/** A batch gives every item the ids that it has alone. */
async function compareAlone(
  report: ParityReport,
  model: Model<S3Config>,
  alone: readonly Item[],
  ids: HostTensor,
): Promise<void> {
  const width = ids.shape[2]!;
  for (const [index, item] of alone.entries()) {
    const own = await idsOf(model, item);
    report.equal(`codes of item ${index} alone`, own, ids.data.slice(index * width, index * width + own.length));
  }
}

/** Ids of long items, followed by zeros. */
async function compareLong(
  test: ParityCase,
  report: ParityReport,
  model: Model<S3Config>,
  all: readonly Item[],
): Promise<void> {
  const rows: number[][] = [];
  for (const item of all) rows.push(await idsOf(model, item));
  report.tensor('code_len', { shape: [rows.length], data: Int32Array.from(rows, ({ length }) => length) });
  const width = Math.max(...rows.map(({ length }) => length));
  const data = new Int32Array(rows.length * width);
  rows.forEach((row, index) => data.set(row, index * width));
  report.tensor('codes', { shape: [rows.length, width], data });
}

/** One spectrum `[frames, mels]`. */
interface Item {
  readonly frames: number;
  readonly mels: number;
  readonly data: Float32Array;
}

function items({ shape, data }: HostTensor, lengths: readonly number[]): Item[] {
  const [, steps = 0, mels = 0] = shape;
  return lengths.map((frames, index) => {
    const start = index * steps * mels;
    return { frames, mels, data: Float32Array.from(data.subarray(start, start + frames * mels)) };
  });
}

async function idsOf(model: Model<S3Config>, { frames, mels, data }: Item): Promise<number[]> {
  const spectrum = spectrumOf(frames, mels, (from, to) => data.subarray(from * mels, to * mels));
  const { ids } = await encodeWindows(model, 'encode', spectrum, {});
  return [...ids!.data];
}

/** `FSQCodebook` by itself. */
async function runDigits(test: ParityCase, report: ParityReport): Promise<void> {
  const { dim } = test.config as unknown as { readonly dim: number };
  const kernel = await test.weight('project_down.weight');
  const bias = await test.weight('project_down.bias');
  const outputs = await test.evaluate(
    ({ x, weight, bias: offset }) => {
      const projectDown = { kernel: tf.transpose(weight as tf.Tensor2D), bias: offset } as S3FsqParams['projectDown'];
      return { projected: linear(x!, projectDown), ids: s3FsqQuantizer.encode(x!, { projectDown }, { dim }).ids! };
    },
    { x: test.input('x'), weight: kernel, bias },
  );
  report.tensor('projected', outputs['projected']);
  report.tensor('codes', outputs['ids']);
}
