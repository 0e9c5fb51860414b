import { describe, expect, it } from 'vitest';
import { integratedLoudness } from './loudness';

const tone = (frequency: number, rate: number, seconds: number, amplitude = 1) =>
  Float32Array.from({ length: seconds * rate }, (_, n) => amplitude * Math.sin((2 * Math.PI * frequency * n) / rate));

describe('integratedLoudness', () => {
  it('of a tone of 997 Hz is -3.01 LUFS, as ITU-R BS.1770 says', () => {
    expect(integratedLoudness([tone(997, 48_000, 2)], 48_000)).toBeCloseTo(-3.01, 1);
  });

  it('follows the amplitude, the channels and the gate', () => {
    const full = integratedLoudness([tone(997, 44_100, 2)], 44_100);
    expect(integratedLoudness([tone(997, 44_100, 2, 0.1)], 44_100)).toBeCloseTo(full - 20, 4);
    const both = [tone(997, 44_100, 2), tone(997, 44_100, 2)];
    expect(integratedLoudness(both, 44_100)).toBeCloseTo(full + 10 * Math.log10(2), 4);
    const paused = new Float32Array(44_100 * 20);
    paused.set(tone(997, 44_100, 2));
    expect(integratedLoudness([paused], 44_100)).toBeGreaterThan(full - 1);
  });

  it('of silence and of very short sound is defined', () => {
    expect(integratedLoudness([new Float32Array(1)], 24_000)).toBe(-70);
    expect(integratedLoudness([new Float32Array(100_000)], 24_000)).toBe(-70);
    expect(integratedLoudness([tone(440, 24_000, 0.1)], 24_000)).toBeGreaterThan(-20);
  });
});
