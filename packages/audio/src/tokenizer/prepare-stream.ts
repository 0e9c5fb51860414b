import { type AudioSignal, InputError } from '@tesserae/core/data';
import { type StreamResampler, streamResampler } from '../dsp/resample';
import { checkAudioSignal } from '../io/check-audio';
import type { AudioEncodeOptions } from './audio-tokenizer';
import { type AudioTarget, chosenPipeline, withChannels } from './prepare-audio';

/** What is known of a stream so far. */
export interface StreamFacts {
  readonly pipeline: string;
  /** Of the blocks, Hz. */
  readonly sampleRate: number;
  /** That have come, at that rate. */
  readonly samples: number;
}

/** Blocks of a stream as a model takes them. */
export interface PreparedStream {
  /** Undefined before the first block. */
  facts(): StreamFacts | undefined;
  /** Channels of each block at the rate of the model, the rest of the resampler last. */
  blocks(): AsyncGenerator<readonly Float32Array[]>;
}

/**
 * `prepareAudio` for blocks of any lengths: the joined result is that of the joined blocks.
 *
 * @throws {InputError} While blocks are read: as `prepareAudio`, or a block of another rate or number of channels.
 */
export function prepareStream(
  source: AsyncIterable<AudioSignal>,
  target: AudioTarget,
  options: AudioEncodeOptions,
): PreparedStream {
  let facts: StreamFacts | undefined;
  return {
    facts: () => facts,
    async *blocks() {
      let channels = 0;
      let resamplers: StreamResampler[] = [];
      for await (const block of source) {
        options.signal?.throwIfAborted();
        checkAudioSignal(block, 'block');
        if (facts === undefined) {
          channels = block.channels.length;
          const pipeline = chosenPipeline(block, target, options);
          facts = { pipeline, sampleRate: block.sampleRate, samples: 0 };
          resamplers = Array.from({ length: target.channels }, () =>
            streamResampler(block.sampleRate, target.sampleRate),
          );
        }
        checkSame(block, facts.sampleRate, channels);
        facts = { ...facts, samples: facts.samples + block.channels[0]!.length };
        const mixed = withChannels(block, target.channels, options);
        yield mixed.channels.map((values, index) => resamplers[index]!.push(values));
      }
      if (facts === undefined || facts.samples === 0) {
        throw new InputError('source', 'at least one sample', 'none', { code: 'unsupported-size' });
      }
      yield resamplers.map((resampler) => resampler.end());
    },
  };
}

/** @throws {InputError} Another rate or number of channels than the first block had. */
export function checkSame(block: AudioSignal, sampleRate: number, channels: number): void {
  if (block.sampleRate === sampleRate && block.channels.length === channels) return;
  throw new InputError(
    'block',
    `${channels} channel(s) at ${sampleRate} Hz, as the first one`,
    `${block.channels.length} at ${block.sampleRate} Hz`,
  );
}
