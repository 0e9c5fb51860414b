import { describe, expect, it } from 'vitest';
import { floatLinspace, floatLog } from './float-math';
import { kaldiFbank } from './kaldi-fbank';
import { highestOf, vocosLogMel, whisperEnergies, whisperFrames, whisperLogMel, whisperScale } from './log-mel';

const noise = (length: number, gain = 0.3) =>
  Float32Array.from({ length }, (_, index) => gain * Math.sin(index * index * 0.7313));

describe('whisperLogMel', () => {
  it('has one frame for every 160 samples', () => {
    for (const length of [201, 319, 320, 1759]) {
      const [{ frames, mels, data }] = whisperLogMel([noise(length)]) as [ReturnType<typeof whisperLogMel>[number]];
      expect([frames, mels, data.length]).toEqual([Math.floor(length / 160), 128, Math.floor(length / 160) * 128]);
    }
    expect(whisperLogMel([noise(640)], { mels: 80 })[0]!.mels).toBe(80);
  });

  it('holds every row to the loudest of all', () => {
    const alone = whisperLogMel([noise(640, 1e-9)])[0]!.data;
    const beside = whisperLogMel([noise(640, 1e-9), noise(640)])[1 - 1]!.data;
    expect(Math.max(...beside)).toBeGreaterThan(Math.max(...alone));
  });

  it('refuses 200 samples', () => {
    expect(() => whisperLogMel([noise(200)])).toThrow(/more than 200 samples/);
  });

  it('is made of stretches, to the last bit', () => {
    for (const length of [201, 480, 3999]) {
      const samples = noise(length);
      const [whole] = whisperLogMel([samples]);
      const frames = whisperFrames(length);
      const stretches: Float64Array[] = [];
      for (let from = 0; from < frames; from += 7) {
        stretches.push(whisperEnergies(samples, Math.min(frames, from + 7), { from }));
      }
      const highest = Math.max(...stretches.map(highestOf));
      const scaled = stretches.flatMap((energies) => [...whisperScale(energies, highest)]);
      expect(scaled).toEqual([...whole!.data]);
    }
    expect(whisperEnergies(noise(400), 1, { from: 1 })).toHaveLength(0);
  });
});

describe('kaldiFbank', () => {
  it('takes whole frames only', () => {
    expect([400, 559, 560].map((length) => kaldiFbank(noise(length)).frames)).toEqual([1, 1, 2]);
    expect(kaldiFbank(noise(4000), { sampleRate: 8000, mels: 40 })).toMatchObject({ frames: 48, mels: 40 });
  });

  it('gives the smallest energy for silence', () => {
    expect(kaldiFbank(new Float32Array(400)).data[7]).toBeCloseTo(-15.9424, 4);
  });

  it('refuses less than a frame', () => {
    expect(() => kaldiFbank(noise(399))).toThrow(/at least 400 samples, one frame, got 399/);
    expect(() => kaldiFbank(noise(400), { shiftMilliseconds: 0 })).toThrow(/shifted by 1/);
  });
});

describe('vocosLogMel', () => {
  it('has a frame around every hop, or one for each', () => {
    expect(vocosLogMel(noise(4000)).frames).toBe(16);
    expect(vocosLogMel(noise(4000), { padding: 'same' }).frames).toBe(15);
  });
});

describe('floatLog', () => {
  it('is within one unit in the last place', () => {
    for (let value = 0.01; value < 2000; value *= 1.37) {
      const x = Math.fround(value);
      expect(Math.abs(floatLog(x) - Math.log(x))).toBeLessThan(2 ** -22 * Math.max(0.125, Math.abs(Math.log(x))));
    }
  });
});

describe('floatLinspace', () => {
  it('meets both ends', () => {
    const values = floatLinspace(0, 12_000, 513);
    expect([values[0], values[256], values[512]]).toEqual([0, 6000, 12_000]);
  });
});
