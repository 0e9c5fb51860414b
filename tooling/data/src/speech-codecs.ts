import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logMelDistance } from './held-out-speech';

/** What a codec makes of a clip. */
export interface CodedClip {
  /** 16 kHz, as long as the clip. */
  readonly samples: Float32Array;
  readonly bytes: number;
}

/** Codes and decodes a clip of 16 kHz. */
export type SpeechCodec = (samples: Float32Array) => CodedClip;

/** Opus by `opusenc` and `opusdec`; bytes are those of the Ogg file. @param rate - kbit/s; 6 is the lowest. */
export function opusCodec(rate: number): SpeechCodec {
  const raw = ['--raw', '--raw-rate', '16000', '--raw-chan', '1'];
  return (samples) =>
    inFolder(samples, (path) => {
      run('opusenc', ['--quiet', ...raw, '--bitrate', String(rate), path('in.raw'), path('coded')]);
      run('opusdec', ['--quiet', '--rate', '16000', path('coded'), path('out.wav')]);
      run('ffmpeg', ['-v', 'error', '-i', path('out.wav'), '-ac', '1', '-ar', '16000', '-f', 's16le', path('out.raw')]);
    });
}

/**
 * Codec 2 by `c2enc` and `c2dec`, which take 8 kHz; bytes have no container. Its delay is taken out by the shift that suits
 * it best.
 *
 * @param mode - As the commands call it: 3200, 2400, 1600, 1400, 1300, 1200, 700C.
 */
export function codec2(mode: string): SpeechCodec {
  return (samples) => {
    const coded = inFolder(samples, (path) => {
      const narrow = ['-ar', '8000', '-f', 's16le', path('narrow.raw')];
      run('ffmpeg', ['-v', 'error', ...rawInput(16_000), '-i', path('in.raw'), ...narrow]);
      run('c2enc', [mode, path('narrow.raw'), path('coded')]);
      run('c2dec', [mode, path('coded'), path('decoded.raw')]);
      const wide = ['-ar', '16000', '-f', 's16le', path('out.raw')];
      run('ffmpeg', ['-v', 'error', ...rawInput(8000), '-i', path('decoded.raw'), ...wide]);
    });
    return { ...coded, samples: bestShift(samples, coded.samples) };
  };
}

const rawInput = (rate: number) => ['-f', 's16le', '-ar', String(rate), '-ac', '1'];

function run(command: string, parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function inFolder(samples: Float32Array, work: (path: (name: string) => string) => void): CodedClip {
  const folder = mkdtempSync(join(tmpdir(), 'tesserae-codec-'));
  const path = (name: string) => join(folder, name);
  try {
    writeFileSync(
      path('in.raw'),
      Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)))),
    );
    work(path);
    const bytes = Uint8Array.from(readFileSync(path('out.raw')));
    const decoded = Float32Array.from(new Int16Array(bytes.buffer), (value) => value / 32_768);
    return { samples: ofLength(decoded, samples.length, 0), bytes: statSync(path('coded')).size };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shifts by up to 60 ms, 5 ms apart. */
function bestShift(reference: Float32Array, samples: Float32Array): Float32Array {
  let [best, least] = [samples, Number.POSITIVE_INFINITY];
  for (let shift = 0; shift <= 960; shift += 80) {
    const moved = ofLength(samples, samples.length, shift);
    const distance = logMelDistance(reference, moved);
    if (distance < least) [best, least] = [moved, distance];
  }
  return best;
}

function ofLength(samples: Float32Array, length: number, from: number): Float32Array {
  const out = new Float32Array(length);
  out.set(samples.subarray(from, from + length));
  return out;
}
