import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selectEngine, type HostTensors } from '@tesserae/core';
import { saveTrainingState, type TrainingProgress } from '@tesserae/core/train';
import { convFsq } from '@tesserae/image';
import { exportConvFsq, trainConvFsq } from '@tesserae/image/train';
import { evaluateSamples } from './evaluate-samples';
import { openCrops } from './training-crops';
import { openRun, round, trainingOptions, wholeNumber } from './training-run';

/** `npm run train -- image-starter`: trains the bundled picture tokenizer. See `packages/image/starter/card.md`. */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    ...trainingOptions,
    data: { type: 'string', default: '.data/image-64' },
    out: { type: 'string', default: '.training/image-starter' },
    samples: { type: 'string', default: 'samples/image' },
  },
});

const [seed, steps] = [wholeNumber('seed', values.seed), wholeNumber('steps', values.steps ?? '20000')];
const batchSize = 32;
const [reportEvery, saveEvery] = [50, 500];
const peak = 255 / 64;

const config = convFsq.presets['image-starter']!.config;
const crops = openCrops(values.data, seed);
const { statePath, resume, log, seconds, isOver } = await openRun(values.out, values);
const engine = await selectEngine('auto');
try {
  let gathered: number[] = [];
  const run = trainConvFsq(
    config,
    { batchSize, size: crops.size, batch: (step) => crops.batch(step, batchSize) },
    { steps, seed, engine, ...(resume && { resume }) },
  );
  for await (const progress of run) {
    gathered.push(progress.losses['loss']!);
    if (progress.step % reportEvery === 0) {
      report(progress, gathered);
      gathered = [];
    }
    const over = isOver() || progress.step === steps;
    if (over || progress.step % saveEvery === 0) await save(progress);
    if (over) break;
  }
} finally {
  await engine.dispose();
}

function report({ step, rate, losses }: TrainingProgress, gathered: readonly number[]): void {
  const loss = gathered.reduce((sum, value) => sum + value, 0) / gathered.length;
  const psnr = 10 * Math.log10(peak ** 2 / loss);
  log({
    step,
    loss: round(loss, 6),
    trainPsnr: round(psnr, 3),
    rate: round(rate, 7),
    gradientNorm: round(losses['gradient-norm']!, 5),
    seconds: round(seconds(), 1),
  });
}

async function save({ step, state }: TrainingProgress): Promise<void> {
  await saveTrainingState(statePath, state, { seed: String(seed), steps: String(steps) });
  writeFileSync(join(values.out, 'image-starter.safetensors'), exportConvFsq(config, state.params));
  log({ step, ...(await evaluate(state.params)), seconds: round(seconds(), 1) });
}

async function evaluate(params: HostTensors): Promise<Readonly<Record<string, number>>> {
  const tokenizer = await convFsq.fromPretrained(exportConvFsq(config, params, 'F32'), { config: {}, engine });
  try {
    return { psnr128: round(await evaluateSamples(tokenizer, values.samples, 128), 3) };
  } finally {
    await tokenizer.dispose();
  }
}
