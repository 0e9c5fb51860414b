import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, mulberry32, selectEngine } from '@tesserae/core';
import { loadTrainingState, saveTrainingState, type TrainingProgress, type TrainingState } from '@tesserae/core/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from './config';
import { melRvq } from './mel-rvq';
import { exportMelRvq, type MelRvqData, trainMelRvq } from './train';

const json = {
  sample_rate: 8000,
  fft_length: 64,
  spectrum_hop: 16,
  mels: 12,
  encoder_width: 12,
  encoder_layers: 1,
  decoder_width: 16,
  decoder_layers: 1,
  codebooks: 2,
  codebook_size: 8,
  code_width: 4,
};
const config = parseConfig(json);

/** Noise of a few loudnesses. */
const samples = 2048;
const data: MelRvqData = {
  batchSize: 2,
  samples,
  batch(step) {
    const random = mulberry32(step % 4);
    const loudness = random.uniform(2).map((value) => 0.05 + 0.2 * value);
    return random.normal(2 * samples).map((value, index) => value * loudness[index < samples ? 0 : 1]!);
  },
};

const folder = mkdtempSync(join(tmpdir(), 'tesserae-audio-train-'));
let engine: Engine;
beforeAll(async () => {
  engine = await selectEngine('onnx');
});
afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function train(steps: number, until: number, resume?: TrainingState): Promise<TrainingProgress[]> {
  const reports: TrainingProgress[] = [];
  const schedule = { rate: 4e-3, warmup: 5 };
  const options = { engine, steps, schedule, quantizeFrom: 10, ...(resume && { resume }) };
  for await (const progress of trainMelRvq(config, data, options)) {
    reports.push(progress);
    if (progress.step === until) break;
  }
  return reports;
}

describe('trainMelRvq', () => {
  it('learns with codebooks, and exports a model that opens', async () => {
    const reports = await train(80, 80);
    const [first, last] = [reports[0]!, reports.at(-1)!];
    expect(last.losses['mel']).toBeLessThan(first.losses['mel']! / 1.5);
    expect(first.losses['perplexity0']).toBeUndefined();
    expect(last.losses['perplexity0']).toBeGreaterThan(1);
    const bytes = exportMelRvq(config, last.state);
    const tokenizer = await melRvq.fromPretrained(bytes, { config: json, engine });
    const noise = (await data.batch(0)).slice(0, samples);
    const tokens = await tokenizer.encode({ modality: 'audio', sampleRate: 8000, channels: [noise] });
    expect(tokens.levels.map(({ shape }) => shape)).toEqual([[samples / 32], [samples / 32]]);
    const { channels } = await tokenizer.decode(tokens);
    const power = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    expect(power(channels[0]!) / power(noise)).toBeGreaterThan(0.3);
    expect(power(channels[0]!) / power(noise)).toBeLessThan(3);
    await tokenizer.dispose();
  });

  it('goes on from a saved state as if it had not stopped, before and after the codebooks come in', async () => {
    const whole = await train(16, 16);
    for (const stop of [10, 13]) {
      const path = join(folder, `state-${stop}.safetensors`);
      await saveTrainingState(path, (await train(16, stop)).at(-1)!.state);
      const rest = await train(16, 16, await loadTrainingState(path));
      expect(rest.map(({ step }) => step)).toEqual(whole.slice(stop).map(({ step }) => step));
      expect(rest.map(({ losses }) => losses)).toEqual(whole.slice(stop).map(({ losses }) => losses));
      const [a, b] = [rest.at(-1)!.state, whole.at(-1)!.state];
      for (const kind of ['params', 'optimizer', 'buffers'] as const) expect(a[kind]).toEqual(b[kind]);
    }
  });

  it('does not export a state without codebooks', async () => {
    const [report] = await train(16, 1);
    expect(() => exportMelRvq(config, report!.state)).toThrow('quantizeFrom');
  });
});
