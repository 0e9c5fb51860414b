import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selectEngine, type HostTensors } from '@tesserae/core';
import { loadTrainingState, saveTrainingState, type TrainingProgress } from '@tesserae/core/train';
import { convFsq } from '@tesserae/image';
import { exportConvFsq, trainConvFsq } from '@tesserae/image/train';
import { evaluateSamples } from './evaluate-samples';
import { openCrops } from './training-crops';

/** `npm run train -- image-starter`: trains the bundled picture tokenizer. See `packages/image/starter/card.md`. */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '.data/image-64' },
    out: { type: 'string', default: '.training/image-starter' },
    samples: { type: 'string', default: 'samples/image' },
    seed: { type: 'string', default: '0' },
    steps: { type: 'string', default: '20000' },
    minutes: { type: 'string' },
    resume: { type: 'boolean', default: false },
  },
});

const [seed, steps] = [wholeNumber('seed', values.seed), wholeNumber('steps', values.steps)];
const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
const [statePath, logPath, modelPath] = ['state.safetensors', 'train.jsonl', 'image-starter.safetensors'].map((file) =>
  join(values.out, file),
) as [string, string, string];
const batchSize = 32;
const [reportEvery, saveEvery] = [50, 500];
const peak = 255 / 64;

const config = convFsq.presets['image-starter']!.config;
const crops = openCrops(values.data, seed);
mkdirSync(values.out, { recursive: true });
const resume = values.resume ? await loadTrainingState(statePath) : undefined;
// Lines after the state are about updates that are made again.
writeFileSync(logPath, resume ? linesUpTo(logPath, resume.step) : '');

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const engine = await selectEngine('auto');
const began = performance.now();
const elapsed = () => (performance.now() - began) / 1000;
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
    const over = stop.signal.aborted || elapsed() > minutes * 60 || progress.step === steps;
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
    seconds: round(elapsed(), 1),
  });
}

async function save({ step, state }: TrainingProgress): Promise<void> {
  await saveTrainingState(statePath, state, { seed: String(seed), steps: String(steps) });
  writeFileSync(modelPath, exportConvFsq(config, state.params));
  log({ step, ...(await evaluate(state.params)), seconds: round(elapsed(), 1) });
}

async function evaluate(params: HostTensors): Promise<Readonly<Record<string, number>>> {
  const tokenizer = await convFsq.fromPretrained(exportConvFsq(config, params, 'F32'), { config: {}, engine });
  try {
    return { psnr128: round(await evaluateSamples(tokenizer, values.samples, 128), 3) };
  } finally {
    await tokenizer.dispose();
  }
}

function log(entry: Readonly<Record<string, number>>): void {
  const line = JSON.stringify(entry);
  appendFileSync(logPath, `${line}\n`);
  console.log(line);
}

function linesUpTo(path: string, step: number): string {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line) as { readonly step: number }).step <= step)
    .map((line) => `${line}\n`)
    .join('');
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name}: expected a whole number, got ${text}.`);
  return value;
}
