import type { AudioSignal } from '@tesserae/core/data';
import { toMono } from '../dsp/mono';
import { checkAudioSignal } from '../io/check-audio';
import type { SampleRange } from './energy-detector';
import { nextCut, planOf, type SegmentOptions } from './next-cut';

/**
 * Segments of a long recording by pauses and length: the hybrid method of Gaido et al. 2021 ("Beyond voice activity
 * detection", its streaming form; FBK's system of IWSLT 2021). From the end of the last segment on, the longest pause
 * between `minSeconds` and `maxSeconds` ends the next one; without a pause it ends at `maxSeconds`.
 *
 * @returns Ranges of samples of the signal, in order, without overlap. Empty for no samples, and for silence that is
 *   dropped.
 * @throws {InputError} No valid signal, or an option out of range.
 */
export function segmentSound(signal: AudioSignal, options: SegmentOptions = {}): SampleRange[] {
  checkAudioSignal(signal, 'signal');
  const { sampleRate } = signal;
  const plan = planOf(sampleRate, options);
  const samples = toMono(signal);
  const segments: SampleRange[] = [];
  for (let start = 0; start < samples.length;) {
    const stretch = samples.subarray(start, start + plan.most);
    const { segment, next } = nextCut(stretch, sampleRate, plan, start + stretch.length === samples.length);
    if (segment) segments.push({ start: start + segment.start, end: start + segment.end });
    start += next;
  }
  return segments;
}
