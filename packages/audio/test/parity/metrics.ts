import type { ParityRunner } from '@tesserae/core/test';
import { stoi } from '../../src/metrics/stoi';
import { rowsOf } from './rows';

/** STOI and ESTOI as pystoi computes them. */
export const runMetrics: ParityRunner = async (test, report) => {
  const { pairs } = test.config as { readonly pairs: Readonly<Record<string, number>> };
  for (const [name, sampleRate] of Object.entries(pairs)) {
    const [clean, noisy] = [`clean_${name}`, `noisy_${name}`].map((key) => rowsOf(test.input(key))[0]!) as [
      Float32Array,
      Float32Array,
    ];
    for (const extended of [false, true]) {
      const { value } = stoi(clean, noisy, { sampleRate, extended });
      report.tensor(`${extended ? 'estoi' : 'stoi'}_${name}`, { shape: [1], data: Float64Array.of(value) }, 'as-is', {
        tolerance: 1e-9,
      });
    }
  }
};
