import type { HostTensors } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { boundedClipEncoder } from './bounded-encoder';

/** An encoder of hop 2 whose frames sum their samples and those of both neighbors. */
const runs: number[] = [];
const model = {
  async run(name: string, { audio }: HostTensors): Promise<HostTensors> {
    expect(name).toBe('encode');
    const data = Array.from(audio!.data);
    const frames = data.length / 2;
    runs.push(frames);
    const sums = Array.from({ length: frames }, (_, at) =>
      data.slice(Math.max(0, 2 * at - 2), 2 * at + 4).reduce((sum, value) => sum + value, 0),
    );
    const shape = [2, 1, frames];
    return {
      ids: { shape, data: Int32Array.from([...sums, ...sums.map((sum) => -sum)]) },
      margins: { shape, data: Float32Array.from([...sums, ...sums]) },
    };
  },
};
const audio = { shape: [1, 45, 1], data: Float32Array.from({ length: 45 }, (_, at) => (at * 7) % 11) };
const facts = { sampleRate: 10, hopLength: 2, left: 2, right: 1 };

describe('boundedClipEncoder', () => {
  it.each([1, 5, 19, 40])('gives what the whole clip gives, in windows of %i frames', async (step) => {
    const whole = await model.run('encode', { audio: { shape: [1, 46, 1], data: Float32Array.of(...audio.data, 0) } });
    runs.length = 0;
    expect(await boundedClipEncoder(model, facts, step)({ audio }, {})).toEqual(whole);
    expect(new Set(runs)).toEqual(new Set([Math.min(step + 3, 23)]));
  });

  it('says how far it is, and stops when it is told to', async () => {
    const seconds: number[] = [];
    const onProgress = ({ completed }: { readonly completed: number }) => void seconds.push(completed);
    await boundedClipEncoder(model, facts, 10)({ audio }, { onProgress });
    expect(seconds).toEqual([2.4, 4.5]);
    await expect(boundedClipEncoder(model, facts, 10)({ audio }, { signal: AbortSignal.abort() })).rejects.toThrow(
      'aborted',
    );
  });
});
