import { InputError, type Model } from '@tesserae/core';
import { Tokens } from '@tesserae/core/data';
import type { AudioStreamEncoder } from '../tokenizer/audio-tokenizer';
import { prepareStream } from '../tokenizer/prepare-stream';
import { sampleBuffer } from '../tokenizer/sample-buffer';
import { defaultWindowSeconds, levelsFor, sourceSamples } from '../tokenizer/stream-encoder';
import { beatsFilterBank, framesOfSamples, sampleRate, samplesOfFrames } from './filter-bank';
import { beatsTarget, faultOf, type PatchFacts, patchLevel, sizeError, stepLength } from './rooms';

/** `encodeStream` of a tokenizer whose patches do not look at each other: joined tokens are those of `encode`. */
export function streamPatches(
  model: Pick<Model<unknown>, 'run' | 'identity'>,
  facts: PatchFacts,
): AudioStreamEncoder['encodeStream'] {
  const { patchSize } = facts;
  const hop = stepLength(facts);
  return async function* encodeStream(source, options = {}) {
    const { onProgress, prefix, windowSeconds = defaultWindowSeconds } = options;
    const size = stepsOf(windowSeconds, hop);
    const stream = prepareStream(source, beatsTarget, options);
    const counted = sourceSamples(sampleRate);
    const buffer = sampleBuffer(1);
    let done = 0;
    const stepsWaiting = () => Math.floor(framesOfSamples(buffer.end) / patchSize) - done;
    const encode = async (steps: number, isLast: boolean): Promise<Tokens> => {
      const samples = buffer.read(done * hop, done * hop + samplesOfFrames(steps * patchSize)).data as Float32Array;
      const outputs = await model.run('encode', { bank: beatsFilterBank(samples) }, options);
      done += steps;
      buffer.forget(done * hop);
      const given = stream.facts()!;
      const own = counted(done * hop, given, isLast);
      const completed = given.samples / given.sampleRate;
      onProgress?.({ stage: 'encode', completed, unit: 'seconds', label: 'encodeStream' });
      const tokens = new Tokens({
        tokenizer: model.identity,
        levels: levelsFor([patchLevel(outputs, facts)], options),
        source: { modality: 'audio', pipeline: given.pipeline, sampleRate: given.sampleRate, samples: own },
        prefixUnit: 'none',
      });
      return prefix === undefined ? tokens : tokens.prefix(prefix);
    };
    for await (const block of stream.blocks()) {
      buffer.append(block);
      // One step waits: the last tokens stand for what fills none.
      while (stepsWaiting() > size) yield await encode(size, false);
    }
    const fault = faultOf(done + stepsWaiting(), { patchSize });
    if (fault !== undefined) throw sizeError(fault, buffer.end);
    yield await encode(stepsWaiting(), true);
  };
}

function stepsOf(windowSeconds: number, hop: number): number {
  if (!(windowSeconds > 0)) throw new InputError('windowSeconds', 'a number above 0', String(windowSeconds));
  return Math.max(1, Math.round((windowSeconds * sampleRate) / hop));
}
