import { stat } from 'node:fs/promises';
import { audioFormat, formatNames } from '@tesserae/audio';
import type { CommandContext } from '../command';
import { rounded } from '../compare/rounded';
import type { Facts } from '../inspect/facts';
import type { MediaInput } from '../io/media-input';
import { soundBlocks } from './sound-blocks';

/** Format, length and loudness of a sound file, read once and never whole in memory. */
export async function soundFacts(input: MediaInput, { signal }: CommandContext): Promise<Facts> {
  const format = audioFormat(input.start);
  let samples = 0;
  let sampleRate = 0;
  const levels: { peak: number; square: number; clipped: number }[] = [];
  for await (const block of soundBlocks(input, signal)) {
    sampleRate = block.sampleRate;
    samples += block.channels[0]!.length;
    for (const [index, channel] of block.channels.entries()) {
      const level = (levels[index] ??= { peak: 0, square: 0, clipped: 0 });
      for (const value of channel) {
        const size = Math.abs(value);
        if (size > level.peak) level.peak = size;
        if (size >= fullScale) level.clipped += 1;
        level.square += value * value;
      }
    }
  }
  return {
    file: input.name,
    kind: 'sound',
    format: format === undefined ? 'unknown' : formatNames[format],
    bytes: (await stat(input.name)).size,
    sampleRate,
    channels: levels.length,
    samples,
    seconds: rounded(samples / (sampleRate || 1), 3),
    peakDecibels: levels.map(({ peak }) => decibels(peak)),
    rmsDecibels: levels.map(({ square }) => decibels(Math.sqrt(square / samples))),
    clippedSamples: levels.reduce((sum, { clipped }) => sum + clipped, 0),
  };
}

/** The largest value of 16-bit samples. */
const fullScale = 32_767 / 32_768;

/** Of full scale; null for silence. */
function decibels(value: number): number | null {
  return value > 0 ? rounded(20 * Math.log10(value), 2) : null;
}
