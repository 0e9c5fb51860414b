import type { HostTensor } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { longClipDecoder } from './long-decoder';

/** A decoder of hop 2 that sums a frame and its neighbors, and that loses a sample at the end. */
const runs: number[] = [];
const decode = async ({ shape, data }: HostTensor): Promise<HostTensor> => {
  const frames = shape[2]!;
  runs.push(frames);
  const sums = Array.from({ length: frames }, (_, at) => (data[at - 1] ?? 0) + data[at]! + (data[at + 1] ?? 0));
  const sound = sums.flatMap((sum) => [sum, -sum]).slice(0, -1);
  return { shape: [1, sound.length, 1], data: Float32Array.from(sound) };
};
const ids: HostTensor = { shape: [1, 1, 23], data: Int32Array.from({ length: 23 }, (_, at) => (at * 7) % 11) };
const facts = { sampleRate: 10, hopLength: 2, left: 2, right: 1 };

describe('longClipDecoder', () => {
  it.each([1, 5, 22, 40])('gives what the whole clip gives, in windows of %i frames', async (frames) => {
    const whole = await decode(ids);
    runs.length = 0;
    expect(await longClipDecoder(facts, { decode }, frames)(ids, {})).toEqual(whole);
    expect(new Set(runs)).toEqual(new Set([Math.min(frames + 3, 23)]));
  });

  it('says how far it is, and stops when it is told to', async () => {
    const seconds: number[] = [];
    const onProgress = ({ completed }: { readonly completed: number }) => void seconds.push(completed);
    await longClipDecoder(facts, { decode }, 10)(ids, { onProgress });
    expect(seconds).toEqual([2.4, 4.6]);
    await expect(longClipDecoder(facts, { decode }, 10)(ids, { signal: AbortSignal.abort() })).rejects.toThrow(
      'aborted',
    );
  });
});
