import type { AudioSignal } from '@tesserae/core/data';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectSound, type SampleRange } from './energy-detector';
import type { SegmentOptions } from './next-cut';
import { segmentSound } from './segment-sound';
import { segmentStream } from './segment-stream';

const rate = 1000;

/** Seconds of sound (above 0) and of pauses (below), with noise at a level beneath. */
function recording(seconds: readonly number[], background = 0.001, gain = 1): Float32Array {
  let state = 5;
  return Float32Array.from(
    seconds.flatMap((length) =>
      Array.from({ length: Math.round(Math.abs(length) * rate) }, (_, index) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        const noise = background * (state / 2 ** 31 - 1);
        return gain * (noise + (length > 0 ? 0.3 * Math.sin(index * 0.7) : 0));
      }),
    ),
  );
}

const signalOf = (...channels: Float32Array[]): AudioSignal => ({ modality: 'audio', sampleRate: rate, channels });
const inSeconds = (ranges: readonly SampleRange[]) => ranges.map(({ start, end }) => [start / rate, end / rate]);

describe('detectSound', () => {
  const parts = [-0.5, 1, -0.4, 0.5, -0.1, 0.5, -1];
  const expected = [
    [0.5, 1.5],
    [1.9, 3],
  ];

  it('finds sound and pauses whatever the gain and the noise beneath', () => {
    for (const [background, gain] of [
      [0, 1],
      [0.001, 1],
      [0.05, 1],
      [0.05, 0.05],
    ] as const) {
      expect(inSeconds(detectSound(recording(parts, background, gain), rate))).toEqual(expected);
    }
  });

  it('drops clicks, and joins over short pauses', () => {
    const clicks = recording([-1, 0.04, -1, 1, -0.1, 1, -1]);
    expect(inSeconds(detectSound(clicks, rate))).toEqual([[2.04, 4.14]]);
    expect(detectSound(clicks, rate, { minSoundSeconds: 0, minPauseSeconds: 0.05 })).toHaveLength(3);
  });

  it('hears a steady sound as sound and silence as a pause', () => {
    expect(inSeconds(detectSound(recording([2]), rate))).toEqual([[0, 2]]);
    expect(detectSound(new Float32Array(2000), rate)).toEqual([]);
    expect(detectSound(new Float32Array(0), rate)).toEqual([]);
    expect(detectSound(recording([-2], 0.0005), rate)).toEqual([]);
  });

  it('takes a threshold, and refuses what is no option', () => {
    expect(detectSound(recording([2]), rate, { thresholdDecibels: -3 })).toEqual([]);
    expect(() => detectSound(recording([1]), rate, { frameSeconds: 0 })).toThrow(/frameSeconds/);
    expect(() => detectSound(recording([1]), 0)).toThrow(/sampleRate/);
    expect(() => detectSound(Float32Array.of(0, Number.NaN), rate)).toThrow(
      expect.objectContaining({ code: 'not-finite' }),
    );
  });
});

describe('segmentSound', () => {
  const limits: SegmentOptions = { minSeconds: 2, maxSeconds: 4 };

  it('cuts at the longest pause between the least and the most length', () => {
    const parts = [1, -0.9, 1, -0.3, 0.4, -0.5, 3];
    expect(inSeconds(segmentSound(signalOf(recording(parts)), limits))).toEqual([
      [0, 3.66],
      [4.04, 7.1],
    ]);
    expect(inSeconds(segmentSound(signalOf(recording(parts)), { ...limits, pauses: 'keep' }))).toEqual([
      [0, 3.8],
      [3.8, 7.1],
    ]);
  });

  it('cuts at the most where there is no pause, or only a short one', () => {
    expect(inSeconds(segmentSound(signalOf(recording([9])), limits))).toEqual([
      [0, 4],
      [4, 8],
      [8, 9],
    ]);
    const short = recording([2.5, -0.16, 3]);
    expect(inSeconds(segmentSound(signalOf(short), limits))[0]).toEqual([0, 4]);
  });

  it('leaves pauses at both ends out, and silence altogether', () => {
    expect(inSeconds(segmentSound(signalOf(recording([-1, 1, -1])), limits))).toEqual([[0.94, 2.06]]);
    expect(segmentSound(signalOf(new Float32Array(30_000)), limits)).toEqual([]);
    expect(segmentSound(signalOf(new Float32Array(0)), limits)).toEqual([]);
  });

  it('takes another detector', () => {
    const detect = (samples: Float32Array) => [{ start: 0, end: Math.min(samples.length, 3000) }];
    const [first] = segmentSound(signalOf(recording([9])), { ...limits, detect, edgeSeconds: 0 });
    expect(first).toEqual({ start: 0, end: 3000 });
  });

  it('refuses limits that contradict each other', () => {
    const signal = signalOf(recording([1]));
    expect(() => segmentSound(signal, { minSeconds: 5, maxSeconds: 4 })).toThrow(/maxSeconds/);
    expect(() => segmentSound(signal, { minSeconds: -1 })).toThrow(/minSeconds/);
    expect(() => segmentSound(signal, { maxSeconds: Number.NaN })).toThrow(/maxSeconds/);
    expect(() => segmentSound(signalOf(), {})).toThrow(/channels/);
  });

  it('keeps its promises for any recording, and streams to the same segments in any blocks', async () => {
    const parts = fc.array(fc.double({ min: -1.5, max: 3, noNaN: true }), { maxLength: 12 });
    const lengths = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 });
    const pauses = fc.constantFrom('drop', 'keep');
    await fc.assert(
      fc.asyncProperty(parts, lengths, pauses, async (seconds, blocks, how) => {
        const samples = recording(seconds);
        const signal = signalOf(
          samples,
          samples.map((value) => value / 2),
        );
        const options = { ...limits, pauses: how } as const;
        const whole = segmentSound(signal, options);
        for (const { start, end } of whole) {
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThanOrEqual(4 * rate);
        }
        const starts = [...whole.map(({ start }) => start), samples.length];
        const gaps = starts.map((start, index) => start - (whole[index - 1]?.end ?? 0));
        expect(gaps.filter((gap) => gap < 0 || (gap > 0 && how === 'keep'))).toEqual([]);
        const streamed: SampleRange[] = [];
        for await (const { signal: segment, start } of segmentStream(inBlocks(signal, blocks), options)) {
          const end = start + segment.channels[0]!.length;
          expect(segment.channels[1]).toEqual(signal.channels[1]!.slice(start, end));
          streamed.push({ start, end });
        }
        expect(streamed).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});

async function* inBlocks(signal: AudioSignal, lengths: readonly number[]): AsyncGenerator<AudioSignal> {
  const total = signal.channels[0]!.length;
  for (let at = 0, index = 0; at < total; index += 1) {
    const length = lengths[index % lengths.length]!;
    yield { ...signal, channels: signal.channels.map((channel) => channel.slice(at, at + length)) };
    at += length;
  }
}
