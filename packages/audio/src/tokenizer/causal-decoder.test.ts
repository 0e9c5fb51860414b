import type { HostTensors } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { longCausalDecoder } from './causal-decoder';

/** A decoder of hop 2, two channels: running sums of the ids. */
const runs: string[] = [];
const model = {
  async run(name: string, { ids, sum }: HostTensors): Promise<HostTensors> {
    let total = sum?.data[0] ?? 0;
    const sound = Array.from(ids!.data, (id) => ((total += id), [total, -total, total + 1, -total - 1])).flat();
    runs.push(`${name} ${ids!.data.length}`);
    const audio = { shape: [1, sound.length / 2, 2], data: Float32Array.from(sound) };
    return name === 'decode' ? { audio } : { audio, sum: { shape: [1], data: Float32Array.of(total) } };
  },
};
const ids = { shape: [1, 1, 90], data: Int32Array.from({ length: 90 }, (_, at) => (at * 7) % 11) };
const decoder = (seconds: number) =>
  longCausalDecoder(model, { sampleRate: 10, hopLength: 2, minimumFrames: 1 }, seconds);

describe('longCausalDecoder', () => {
  it('gives what the whole clip gives, window by window', async () => {
    const whole = await model.run('decode', { ids });
    runs.length = 0;
    expect(await decoder(4)({ ids }, {})).toEqual(whole);
    expect(runs).toEqual([
      'decode-start 20',
      'decode-middle 20',
      'decode-middle 20',
      'decode-middle 20',
      'decode-middle 10',
    ]);
    runs.length = 0;
    expect(await decoder(9)({ ids }, {})).toEqual(whole);
    expect(runs).toEqual(['decode 90']);
  });

  it('says how far it is, and stops when it is told to', async () => {
    const seconds: number[] = [];
    await decoder(5)({ ids }, { onProgress: ({ completed, total }) => void seconds.push(completed, total!) });
    expect(seconds).toEqual([5, 18, 10, 18, 15, 18, 18, 18]);
    await expect(decoder(5)({ ids }, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
