import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vocosLogMel } from '@tesserae/audio';
import type { AudioSignal } from '@tesserae/core';

/** A held-out clip of `npm run data -- audio`. */
export interface HeldOutClip {
  readonly group: string;
  readonly speaker: string;
  readonly id: string;
  /** 16 kHz, mono, -1..1. */
  readonly samples: Float32Array;
}

interface ClipIndex {
  readonly file: string;
  readonly sampleRate: number;
  readonly clips: readonly (Omit<HeldOutClip, 'samples'> & { readonly first: number; readonly samples: number })[];
}

/** All held-out clips. */
export function openHeldOutSpeech(folder: string): readonly HeldOutClip[] {
  const { file, clips } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as ClipIndex;
  const bytes = readFileSync(join(folder, file));
  const tape = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return clips.map(({ first, samples, group, speaker, id }) => ({
    group,
    speaker,
    id,
    samples: Float32Array.from(tape.subarray(first, first + samples), (value) => value / 32_768),
  }));
}

/** Least mel magnitude that counts. */
const floor = Math.log(1e-3);

/**
 * The distance that the cards state: mean absolute difference of the natural logarithms of 80 HTK mel magnitudes of at least
 * 1e-3 (windows of 1024 samples, 256 between frames), at 16 kHz.
 */
export function logMelDistance(reference: Float32Array, samples: Float32Array): number {
  const options = { sampleRate: 16_000, fftLength: 1024, hopLength: 256, mels: 80 };
  const [a, b] = [vocosLogMel(reference, options).data, vocosLogMel(samples, options).data];
  let sum = 0;
  for (let index = 0; index < a.length; index += 1)
    sum += Math.abs(Math.max(a[index]!, floor) - Math.max(b[index]!, floor));
  return sum / a.length;
}

/** A clip as a signal. */
export function signalOf(samples: Float32Array): AudioSignal {
  return { modality: 'audio', sampleRate: 16_000, channels: [samples] };
}
