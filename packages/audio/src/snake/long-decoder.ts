import type { DecodeOptions, HostTensor } from '@tesserae/core';
import { framesOf } from '../tokenizer/frames';
import { evenWindows } from './even-windows';
import type { BoundedDecoderFacts, BoundedDecoderParts } from './stream-decoder';

/**
 * Decodes a long clip in windows with context at both ends, so that memory does not grow with it, with progress in
 * seconds; what comes out is that of the whole clip.
 *
 * @param step - New frames of a window; clips that fit into one are decoded whole.
 * @returns Takes ids `[rows, 1, frames]` and gives `[1, frames * hop, 1]`, or a little less.
 */
export function longClipDecoder<Options extends DecodeOptions>(
  { sampleRate, hopLength, ...reach }: BoundedDecoderFacts,
  { decode }: Pick<BoundedDecoderParts<Options>, 'decode'>,
  step: number,
): (ids: HostTensor, options: Options) => Promise<HostTensor> {
  return async (ids, options) => {
    const frames = ids.shape[2]!;
    const sound = new Float32Array(frames * hopLength);
    let length = 0;
    for (const { from, to, first, until } of evenWindows(frames, step, reach)) {
      options.signal?.throwIfAborted();
      const { data } = await decode(framesOf(ids, from, to), from, options);
      const own = (data as Float32Array).subarray((first - from) * hopLength, (until - from) * hopLength);
      sound.set(own, first * hopLength);
      length = first * hopLength + own.length;
      const total = (frames * hopLength) / sampleRate;
      const completed = (until * hopLength) / sampleRate;
      options.onProgress?.({ stage: 'decode', completed, total, unit: 'seconds', label: 'decode' });
    }
    return { shape: [1, length, 1], data: sound.slice(0, length) };
  };
}
