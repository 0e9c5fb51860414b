import type { ParityCase, ParityReport, ParityRunner } from '@tesserae/core/test';
import { kaldiFbank, kaldiFbankFilters } from '../../src/dsp/kaldi-fbank';
import { type LogMel, vocosLogMel, vocosMelFilters, whisperLogMel, whisperMelFilters } from '../../src/dsp/log-mel';
import type { MelFilters } from '../../src/dsp/mel-filters';
import { poveyWindow } from '../../src/dsp/windows';
import { melDistance } from '../../src/metrics/mel-distance';
import { rowsOf } from './rows';

/** Kaldi filter banks, Whisper's and Vocos' log-mel spectrograms, by the name of the case's constants. */
export const runFrontend: ParityRunner = async (test, report) => {
  if (test.expects('mel_banks')) runKaldi(test, report);
  else if (test.expects('mel_filters')) runWhisper(test, report);
  else runVocos(test, report);
};

function runKaldi(test: ParityCase, report: ParityReport): void {
  const config = test.config as Readonly<Record<string, number>>;
  const options = {
    sampleRate: config['sample_frequency']!,
    mels: config['num_mel_bins']!,
    frameMilliseconds: config['frame_length']!,
    shiftMilliseconds: config['frame_shift']!,
  };
  const frameLength = (options.sampleRate * options.frameMilliseconds) / 1000;
  const window = poveyWindow(frameLength);
  report.tensor('window', { shape: [window.length], data: window });
  // The stored filters lack the column of the Nyquist bin.
  const { mels, bins, data } = kaldiFbankFilters(options);
  const columns = data.filter((_, index) => index % bins < bins - 1);
  report.tensor('mel_banks', { shape: [mels, bins - 1], data: columns });
  for (const name of test.inputs) {
    const suffix = name.slice('x_'.length);
    const rows = rowsOf(test.input(name)).map((row) =>
      kaldiFbank(
        row.map((value) => value * 32_768),
        options,
      ),
    );
    report.tensor(`fbank_${suffix}`, stack(rows));
    const normalized = rows.map((row) => ({
      ...row,
      data: row.data.map((value) => (value - config['fbank_mean']!) / (2 * config['fbank_std']!)),
    }));
    report.tensor(`normalized_${suffix}`, stack(normalized));
  }
}

function runWhisper(test: ParityCase, report: ParityReport): void {
  const { n_mels: mels } = test.config as { readonly n_mels: number };
  report.tensor('mel_filters', tensorOfFilters(whisperMelFilters(mels)));
  for (const name of test.inputs) {
    const rows = whisperLogMel(rowsOf(test.input(name)), { mels });
    report.tensor(`logmel_${name.slice('x_'.length)}`, melsFirst(rows, test.input(name).shape.length === 1));
  }
}

function runVocos(test: ParityCase, report: ParityReport): void {
  const { mel } = test.config as { readonly mel: Readonly<Record<string, number>> };
  const options = {
    sampleRate: mel['sample_rate']!,
    fftLength: mel['n_fft']!,
    hopLength: mel['hop_length']!,
    mels: mel['n_mels']!,
  };
  const filters = vocosMelFilters(options);
  report.tensor('mel_fb', {
    shape: [filters.bins, filters.mels],
    data: Float32Array.from(
      filters.data,
      (_, index) => filters.data[(index % filters.mels) * filters.bins + Math.floor(index / filters.mels)]!,
    ),
  });
  const [references, estimates] = ['x_ref', 'x_hat'].map((name) => rowsOf(test.input(name))) as [
    Float32Array[],
    Float32Array[],
  ];
  for (const padding of ['center', 'same'] as const) {
    for (const [name, rows] of [
      ['ref', references],
      ['hat', estimates],
    ] as const) {
      report.tensor(
        `logmel_${padding}_${name}`,
        melsFirst(
          rows.map((row) => vocosLogMel(row, { ...options, padding })),
          false,
        ),
      );
    }
  }
  const differences = references.map((row, index) => melDistance(row, estimates[index]!, options).value);
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  report.tensor('loss', { shape: [1], data: Float32Array.of(mean) });
}

/** `[rows, frames, mels]`. */
function stack(rows: readonly LogMel[]) {
  const { frames, mels } = rows[0]!;
  return { shape: [rows.length, frames, mels], data: Float32Array.from(rows.flatMap(({ data }) => [...data])) };
}

/** `[rows, mels, frames]`, without the first axis for a single clip. */
function melsFirst(rows: readonly LogMel[], single: boolean) {
  const { frames, mels } = rows[0]!;
  const data = new Float32Array(rows.length * frames * mels);
  rows.forEach((row, index) =>
    row.data.forEach((value, at) => {
      data[(index * mels + (at % mels)) * frames + Math.floor(at / mels)] = value;
    }),
  );
  return { shape: single ? [mels, frames] : [rows.length, mels, frames], data };
}

function tensorOfFilters({ mels, bins, data }: MelFilters) {
  return { shape: [mels, bins], data };
}
