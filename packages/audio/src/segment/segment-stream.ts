import type { AudioSignal } from '@tesserae/core/data';
import { toMono } from '../dsp/mono';
import { checkAudioSignal } from '../io/check-audio';
import { channelsOf } from '../tokenizer/host-audio';
import { checkSame } from '../tokenizer/prepare-stream';
import { sampleBuffer, type SampleBuffer } from '../tokenizer/sample-buffer';
import { nextCut, planOf, type SegmentOptions, type SegmentPlan } from './next-cut';

/** A part of a stream. */
export interface SoundSegment {
  readonly signal: AudioSignal;
  /** Samples of the stream in front of it. */
  readonly start: number;
}

/**
 * `segmentSound` of a stream: the same segments as soon as they are known, in memory for one of them.
 *
 * @param blocks - Any lengths, one rate and number of channels.
 * @throws {InputError} While it is read: as `segmentSound`, or a block of another rate or number of channels.
 */
export async function* segmentStream(
  blocks: AsyncIterable<AudioSignal>,
  options: SegmentOptions = {},
): AsyncGenerator<SoundSegment> {
  let cutter: Cutter | undefined;
  for await (const block of blocks) {
    checkAudioSignal(block, 'block');
    const { sampleRate, channels } = block;
    cutter ??= cutterOf(sampleRate, channels.length, planOf(sampleRate, options));
    checkSame(block, cutter.sampleRate, cutter.channels);
    cutter.buffer.append(channels);
    yield* cutter.segments(false);
  }
  if (cutter) yield* cutter.segments(true);
}

interface Cutter {
  readonly sampleRate: number;
  readonly channels: number;
  readonly buffer: SampleBuffer;
  /** Segments that are known by now. */
  segments(ended: boolean): Generator<SoundSegment>;
}

function cutterOf(sampleRate: number, channels: number, plan: SegmentPlan): Cutter {
  const buffer = sampleBuffer(channels);
  let at = 0;
  const read = (from: number, to: number): AudioSignal => ({
    modality: 'audio',
    sampleRate,
    channels: channelsOf(buffer.read(from, to)),
  });
  return {
    sampleRate,
    channels,
    buffer,
    *segments(ended) {
      // Whether the sound ends behind a stretch decides how it is cut: one more sample has to be there.
      while (ended ? at < buffer.end : buffer.end - at > plan.most) {
        const until = Math.min(buffer.end, at + plan.most);
        const stretch = toMono(read(at, until));
        const { segment, next } = nextCut(stretch, sampleRate, plan, ended && until === buffer.end);
        if (segment) yield { signal: read(at + segment.start, at + segment.end), start: at + segment.start };
        at += next;
        buffer.forget(at);
      }
    },
  };
}
