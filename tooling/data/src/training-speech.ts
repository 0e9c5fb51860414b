import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mulberry32 } from '@tesserae/core';
import type { SpeechIndex } from './speech';

export interface TrainingSpeech {
  /** Recordings. */
  readonly files: number;
  readonly hours: number;
  /** Mono at 16 kHz, -1..1, `[count, samples]`, of one update: a function of the seed and the number of the update. */
  batch(step: number, count: number, samples: number): Float32Array;
}

/** Speed is changed by up to a tenth, which also moves the voice; loudness by up to -12 dB. */
const [speedRange, quietest] = [0.1, -12] as const;

/** Root mean square of a segment below which it is silence: -50 dBFS. */
const silence = 10 ** (-50 / 20);
const attempts = 8;

/**
 * Reads all recordings that `npm run data -- audio` has decoded (0.45 GB) into memory.
 *
 * Speakers come up by the square root of how much they say, segments anywhere in their recordings.
 */
export function openSpeech(folder: string, seed: number): TrainingSpeech {
  const { sampleRate, file, files, speakers } = JSON.parse(
    readFileSync(join(folder, 'index.json'), 'utf8'),
  ) as SpeechIndex;
  const bytes = readFileSync(join(folder, file));
  const tape = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const shares = speakers.map((speaker) => Math.sqrt(speaker.samples));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return {
    files,
    hours: tape.length / sampleRate / 3600,
    batch(step, count, samples) {
      const random = mulberry32(Math.imul(seed + 1, 0x9e3779b1) + step);
      const out = new Float32Array(count * samples);
      for (let item = 0; item < count; item += 1) {
        const segment = out.subarray(item * samples, (item + 1) * samples);
        for (let attempt = 0; attempt < attempts; attempt += 1) {
          const [who, where, speed, loudness, sign] = random.uniform(5) as unknown as [
            number,
            number,
            number,
            number,
            number,
          ];
          const own = speakers[chosen(shares, who * total)]!;
          const rate = 1 + speedRange * (2 * speed - 1);
          const room = own.samples - Math.ceil(samples * rate) - 3;
          const start = own.first + 1 + where * Math.max(0, room);
          if (readSegment(tape, start, rate, segment) < silence) continue;
          const gain = 10 ** ((loudness * quietest) / 20) * (sign < 0.5 ? -1 : 1);
          for (let index = 0; index < samples; index += 1) segment[index]! *= gain;
          break;
        }
      }
      return out;
    },
  };
}

function chosen(shares: readonly number[], place: number): number {
  let rest = place;
  const found = shares.findIndex((share) => (rest -= share) < 0);
  return found < 0 ? shares.length - 1 : found;
}

/**
 * Samples from anywhere on a tape, at another speed: cubic interpolation (Catmull-Rom).
 *
 * @param start - Position, at least 1; two samples must follow the last one.
 * @returns Root mean square.
 */
export function readSegment(tape: Int16Array, start: number, rate: number, out: Float32Array): number {
  let squares = 0;
  for (let index = 0; index < out.length; index += 1) {
    const position = start + index * rate;
    const whole = Math.floor(position);
    const t = position - whole;
    const [a, b, c, d] = [tape[whole - 1]!, tape[whole]!, tape[whole + 1]!, tape[whole + 2]!];
    const value = (b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 32_768;
    out[index] = value;
    squares += value * value;
  }
  return Math.sqrt(squares / out.length);
}
