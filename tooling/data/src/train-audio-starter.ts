import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { melRvq } from '@tesserae/audio';
import { exportMelRvq, trainMelRvq } from '@tesserae/audio/train';
import { selectEngine } from '@tesserae/core';
import { saveTrainingState, type TrainingProgress, type TrainingState } from '@tesserae/core/train';
import { evenly } from './evenly';
import { logMelDistance, openHeldOutSpeech, signalOf } from './held-out-speech';
import { openRun, round, trainingOptions, wholeNumber } from './training-run';
import { openSpeech } from './training-speech';

/** `npm run train -- audio-starter`: trains the bundled speech codec. See `packages/audio/starter/card.md`. */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    ...trainingOptions,
    data: { type: 'string', default: '.data/speech-16k' },
    evaluation: { type: 'string', default: '.data/eval-speech-16k' },
    out: { type: 'string', default: '.training/audio-starter' },
    batch: { type: 'string', default: '8' },
  },
});

const [seed, steps] = [wholeNumber('seed', values.seed), wholeNumber('steps', values.steps ?? '16000')];
const batchSize = wholeNumber('batch', values.batch);
const [reportEvery, saveEvery] = [25, 250];
const segment = 16_000;

const config = melRvq.presets['audio-starter']!.config;
const speech = openSpeech(values.data, seed);
// Of one length, so that the network is compiled once.
const clips = evenly(
  openHeldOutSpeech(values.evaluation).filter(({ samples }) => samples.length >= 2 * segment),
  6,
).map(({ samples }) => samples.subarray(0, 2 * segment));
const { statePath, resume, log, seconds, isOver } = await openRun(values.out, values);
const engine = await selectEngine('auto');

try {
  let gathered: Readonly<Record<string, number>>[] = [];
  const data = { batchSize, samples: segment, batch: (step: number) => speech.batch(step, batchSize, segment) };
  const run = trainMelRvq(config, data, { steps, seed, engine, ...(resume && { resume }) });
  for await (const progress of run) {
    gathered.push(progress.losses);
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

/** Means since the last report. */
function report({ step, rate, losses }: TrainingProgress, gathered: readonly Readonly<Record<string, number>>[]): void {
  const mean = (name: string) => gathered.reduce((sum, entry) => sum + entry[name]!, 0) / gathered.length;
  const means = Object.keys(losses).map((name) => [name, round(mean(name), 4)]);
  log({ step, ...Object.fromEntries(means), rate: round(rate, 7), seconds: round(seconds(), 1) });
}

async function save({ step, state }: TrainingProgress): Promise<void> {
  await saveTrainingState(statePath, state, { seed: String(seed), steps: String(steps), batch: String(batchSize) });
  if (!state.buffers) return;
  writeFileSync(join(values.out, 'audio-starter.safetensors'), exportMelRvq(config, state));
  log({ step, heldOutLogMel: round(await evaluate(state), 4), seconds: round(seconds(), 1) });
}

/** Mean distance over two seconds of a few held-out clips. */
async function evaluate(state: TrainingState): Promise<number> {
  const tokenizer = await melRvq.fromPretrained(exportMelRvq(config, state, 'F32'), { config: {}, engine });
  try {
    let sum = 0;
    for (const samples of clips) {
      const decoded = await tokenizer.decode(await tokenizer.encode(signalOf(samples)));
      sum += logMelDistance(samples, decoded.channels[0]!);
    }
    return sum / clips.length;
  } finally {
    await tokenizer.dispose();
  }
}
