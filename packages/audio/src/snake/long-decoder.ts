import type { DecodeOptions, HostTensor } from '@tesserae/core';
import { framesOf } from '../tokenizer/code-stream';
import type { BoundedDecoderFacts, BoundedDecoderParts } from './stream-decoder';

/**
 * Decodes a long clip in windows with context at both ends, so that memory does not grow with it, with progress in
 * seconds; what comes out is that of the whole clip.
 *
 * @param frames - New frames of a window; clips that fit into one are decoded whole.
 * @returns Takes ids `[rows, 1, frames]` and gives `[1, frames * hop, 1]`, or a little less.
 */
export function longClipDecoder<Options extends DecodeOptions>(
  { sampleRate, hopLength, left, right }: BoundedDecoderFacts,
  { decode }: Pick<BoundedDecoderParts<Options>, 'decode'>,
  frames: number,
): (ids: HostTensor, options: Options) => Promise<HostTensor> {
  return async (ids, options) => {
    const all = ids.shape[2]!;
    if (all <= frames + right) return decode(ids, 0, options);
    const sound = new Float32Array(all * hopLength);
    let length = 0;
    for (let done = 0; done < all; done += frames) {
      options.signal?.throwIfAborted();
      const from = Math.max(0, done - left);
      const until = Math.min(all, done + frames);
      const { data } = await decode(framesOf(ids, from, Math.min(all, until + right)), from, options);
      const first = (done - from) * hopLength;
      const own = (data as Float32Array).subarray(first, first + (until - done) * hopLength);
      sound.set(own, done * hopLength);
      length = done * hopLength + own.length;
      const total = (all * hopLength) / sampleRate;
      const completed = (until * hopLength) / sampleRate;
      options.onProgress?.({ stage: 'decode', completed, total, unit: 'seconds', label: 'decode' });
    }
    return { shape: [1, length, 1], data: sound.slice(0, length) };
  };
}
