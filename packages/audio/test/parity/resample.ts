import type { ParityRunner } from '@tesserae/core/test';
import { resampleSignal, toMono } from '../../src/dsp/mono';
import { resample, resampleKernel } from '../../src/dsp/resample';
import { rowsOf, tensorOf } from './rows';

interface ResampleConfig {
  /** Rates of each input. */
  readonly pairs?: Readonly<Record<string, readonly [number, number]>>;
  readonly kernels?: boolean;
  /** `convert_audio`: rate of each input, and the one of the result. */
  readonly orig?: Readonly<Record<string, number>>;
  readonly target?: number;
}

/** `torchaudio.transforms.Resample` and the conversion to one channel in front of it. */
export const runResample: ParityRunner = async (test, report) => {
  const { pairs = {}, orig = {}, target = 0 } = test.config as ResampleConfig;
  for (const [name, [from, to]] of Object.entries(pairs)) {
    const rows = rowsOf(test.input(name));
    const suffix = name.slice('x_'.length);
    report.tensor(`y_${suffix}`, tensorOf(rows.map((row) => resample(row, from, to))));
    if (!test.expects(`kernel_${suffix}`)) continue;
    const { outputs, taps, data } = resampleKernel(from, to);
    report.tensor(`kernel_${suffix}`, { shape: [outputs, 1, taps], data }, 'as-is', { tolerance: 1e-7 });
  }
  for (const [name, sampleRate] of Object.entries(orig)) {
    const signal = { modality: 'audio', sampleRate, channels: rowsOf(test.input(name)) } as const;
    const mono = { ...signal, channels: [toMono(signal)] };
    report.tensor(`y_${name.slice('x_'.length)}`, tensorOf(resampleSignal(mono, target).channels as Float32Array[]));
  }
};
