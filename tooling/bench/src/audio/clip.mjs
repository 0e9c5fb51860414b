/**
 * What both sides of the audio benchmark encode and decode: plain JavaScript, for processes that run without a loader.
 *
 * @typedef {import('@tesserae/core').TokenizerInfo} TokenizerInfo
 * @typedef {import('@tesserae/core').AudioSignal} AudioSignal
 */
import { Tokens } from '@tesserae/core';

/**
 * Gliding harmonics under a slow envelope, with breaks and a little noise.
 *
 * @param {number} sampleRate
 * @param {number} seconds
 * @returns {AudioSignal}
 */
export function testClip(sampleRate, seconds) {
  const samples = new Float32Array(Math.round(sampleRate * seconds));
  let state = 12345;
  let phase = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const time = index / sampleRate;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    phase += (2 * Math.PI * (140 + 60 * Math.sin(1.7 * time))) / sampleRate;
    const voice = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(5 * phase) + 0.1 * Math.sin(17 * phase);
    const level = Math.max(0, Math.sin(2.3 * time)) ** 0.5;
    samples[index] = 0.25 * level * voice + 0.02 * (state / 2 ** 31 - 1);
  }
  return { modality: 'audio', sampleRate, channels: [samples] };
}

/**
 * Ids spread over every codebook, one level after the other.
 *
 * @param {number} codebooks
 * @param {number} frames
 * @param {number} size Of a codebook.
 */
export function testIds(codebooks, frames, size) {
  return Int32Array.from({ length: codebooks * frames }, (_, index) => (Math.imul(index + 1, 2654435761) >>> 0) % size);
}

/**
 * {@link testIds} as tokens of a model.
 *
 * @param {TokenizerInfo} info
 * @param {number} codebooks
 * @param {number} seconds
 */
export function testTokens(info, codebooks, seconds) {
  const { sampleRate, hopLength } = /** @type {{ sampleRate: number, hopLength: number }} */ (info.signal);
  const samples = Math.round(sampleRate * seconds);
  const frames = Math.ceil(samples / hopLength);
  const size = info.levels[0]?.vocabularySize ?? 1;
  const ids = testIds(codebooks, frames, size);
  return new Tokens({
    tokenizer: info.identity,
    levels: Array.from({ length: codebooks }, (_, level) => ({
      kind: 'index',
      vocabularySize: size,
      shape: [frames],
      axes: ['time'],
      data: ids.slice(level * frames, (level + 1) * frames),
    })),
    source: { modality: 'audio', pipeline: 'none', sampleRate, samples },
    prefixUnit: info.prefixUnit,
  });
}
