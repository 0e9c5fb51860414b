import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkSound, melRvq, type MelRvqTokenizer } from '@tesserae/audio';
import { melDistance } from '@tesserae/audio/metrics';
import { exportMelRvq } from '@tesserae/audio/train';
import type { Tokens } from '@tesserae/core';
import { loadTrainingState, plotLosses } from '@tesserae/core/train';
import { audioCard } from './audio-card';
import { type HeldOutClip, openHeldOutSpeech, signalOf } from './held-out-speech';
import { type CodecRow, rowOf, yardsticks } from './speech-figures';
import { type LogEntry, readLog, trainingMinutes } from './training-run';
import { openSpeech } from './training-speech';

/**
 * Puts a trained speech codec into its package: weights in float16, the model card with figures that are measured now, the
 * log and its plot, the data lock, the credits and the tokens of a known sound. Run it after `train-audio-starter.ts`.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.data/speech-16k' },
    evaluation: { type: 'string', default: '.data/eval-speech-16k' },
    run: { type: 'string', default: '.training/audio-starter' },
    out: { type: 'string', default: 'packages/audio/starter' },
    seed: { type: 'string', default: '0' },
    /** Steps of the schedule and items of a batch, for the command in the card. */
    steps: { type: 'string' },
    batch: { type: 'string', default: '8' },
    /** Sentences about this run. */
    note: { type: 'string', default: '' },
  },
});

const model = 'audio-starter';
const { config } = melRvq.presets[model]!;
const state = await loadTrainingState(join(values.run, 'state.safetensors'));
const log = readLog(join(values.run, 'train.jsonl')).filter(({ step }) => step! <= state.step);
const weights = exportMelRvq(config, state);

mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, `${model}.safetensors`), weights);
writeFileSync(join(values.out, 'train.jsonl'), log.map((line) => `${JSON.stringify(line)}\n`).join(''));
writeFileSync(join(values.out, 'losses.svg'), plot(log));
for (const file of ['data.lock.json', 'CREDITS.json']) copyFileSync(join(values.data, file), join(values.out, file));

// Clips have many lengths: an engine that compiles nothing is quicker.
const tokenizer = await melRvq.fromPretrained(weights, { config: {}, engine: 'wasm' });
try {
  writeFileSync(join(values.out, `${model}.check.json`), `${JSON.stringify(await answerOf(tokenizer))}\n`);
  const clips = openHeldOutSpeech(values.evaluation);
  const rows: CodecRow[] = [];
  const tokens = new Map<HeldOutClip, Tokens>();
  for (const clip of clips) tokens.set(clip, await tokenizer.encode(signalOf(clip.samples)));
  for (const codebooks of [4, 2, 1]) rows.push(await measureOwn(tokens, codebooks));
  rows.push(...yardsticks(values.evaluation, clips));
  const { files, hours } = openSpeech(values.data, 0);
  const { seed, steps = String(state.step), batch, note } = values;
  const facts = { seed, steps, batch, note, files, hours, updates: state.step, bytes: weights.length };
  writeFileSync(join(values.out, 'card.md'), audioCard(rows, { ...facts, minutes: Math.round(trainingMinutes(log)) }));
  console.log(JSON.stringify(rows, undefined, 1));
} finally {
  await tokenizer.dispose();
}

/** What a bundled model makes of the known sound. */
async function answerOf(codec: MelRvqTokenizer) {
  const sound = checkSound();
  const tokens = await codec.encode(sound);
  const decoded = await codec.decode(tokens);
  const distance = melDistance(sound.channels[0]!, decoded.channels[0]!, { sampleRate: config.sampleRate, mels: 80 });
  return {
    fingerprint: codec.info.identity.fingerprint,
    melDistance: Number(distance.value.toFixed(4)),
    ids: tokens.levels.map((level) => (level.kind === 'index' ? [...level.data] : [])),
  };
}

async function measureOwn(tokens: ReadonlyMap<HeldOutClip, Tokens>, codebooks: number): Promise<CodecRow> {
  const decoded = new Map<HeldOutClip, Float32Array>();
  for (const [clip, all] of tokens) decoded.set(clip, (await tokenizer.decode(all.prefix(codebooks))).channels[0]!);
  const name = `this model, ${codebooks} ${codebooks === 1 ? 'codebook' : 'codebooks'}`;
  const bits = (samples: number) => Math.ceil(samples / 320) * codebooks * 10;
  return rowOf(name, [...tokens.keys()], (clip) => ({
    samples: decoded.get(clip)!,
    bytes: bits(clip.samples.length) / 8,
  }));
}

function plot(entries: readonly LogEntry[]): string {
  const curve = (name: string, key: string) => ({
    name,
    points: entries.flatMap((line) => (line[key] === undefined ? [] : [[line['step']!, line[key]] as const])),
  });
  const curves = [
    curve('mel, training', 'mel'),
    curve('STFT, training', 'stft'),
    curve('log-mel distance, held out', 'heldOutLogMel'),
  ];
  return plotLosses(curves, { title: `${model}: losses while training`, unit: 'mean absolute difference' });
}
