import type { HostTensor, Model } from '@tesserae/core';
import type { ParityReport } from '@tesserae/core/test';
import { boundedClipEncoder } from '../../src/snake/bounded-encoder';
import type { WindowFacts } from '../../src/tokenizer/frame-windows';

/** Windows of the sound, each with one new frame. */
const windows = 12;

/**
 * Windows of one new frame give the codes of the whole, for the first clip of a case, over and over so that it is long
 * enough.
 *
 * @param audio - `[B, T, 1]`.
 */
export async function reportWindows(
  model: Pick<Model<unknown>, 'run'>,
  { shape, data }: HostTensor,
  facts: WindowFacts,
  report: ParityReport,
): Promise<void> {
  const samples = (facts.left + facts.right + windows) * facts.hopLength - 1;
  const sound = Float32Array.from({ length: samples }, (_, at) => data[at % shape[1]!]!);
  const audio: HostTensor = { shape: [1, samples, 1], data: sound };
  const whole = await model.run('encode', { audio });
  let runs = 0;
  const encoded = await boundedClipEncoder(model, facts, 1)({ audio }, { onProgress: () => void (runs += 1) });
  report.equal('windows', runs, windows);
  report.equal('codes in windows', [...encoded['ids']!.data], [...whole['ids']!.data]);
  report.equal('shape in windows', encoded['ids']!.shape, whole['ids']!.shape);
}
