import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { psnr } from '@tesserae/core/metrics';
import { loadTrainingState, plotLosses } from '@tesserae/core/train';
import { convFsq, encodeImage, readImage, type ImageTokenizer } from '@tesserae/image';
import { exportConvFsq } from '@tesserae/image/train';
import { readSamples } from './evaluate-samples';
import { openCrops } from './training-crops';
import { type LogEntry, readLog, trainingMinutes } from './training-run';

/**
 * Puts a trained picture tokenizer into its package: weights in float16, the model card with figures that are measured
 * now, the log and its plot, the data lock and the credits. Run it after `train-image-starter.ts`.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.data/image-64' },
    run: { type: 'string', default: '.training/image-starter' },
    samples: { type: 'string', default: 'samples/image' },
    out: { type: 'string', default: 'packages/image/starter' },
    seed: { type: 'string', default: '0' },
    /** Steps of the schedule, for the command in the card. */
    steps: { type: 'string' },
    /** Sentences about this run. */
    note: { type: 'string', default: '' },
  },
});

const sizes = [64, 128, 256] as const;
const config = convFsq.presets['image-starter']!.config;
const state = await loadTrainingState(join(values.run, 'state.safetensors'));
const lines = readLog(join(values.run, 'train.jsonl')).filter(({ step }) => step! <= state.step);
const weights = exportConvFsq(config, state.params);

mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, 'image-starter.safetensors'), weights);
writeFileSync(join(values.out, 'train.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
writeFileSync(join(values.out, 'losses.svg'), plot(lines));
for (const file of ['data.lock.json', 'CREDITS.json']) copyFileSync(join(values.data, file), join(values.out, file));

const tokenizer = await convFsq.fromPretrained(weights, { config: {} });
try {
  const rows: Comparison[] = [];
  for (const size of sizes) rows.push(await compare(tokenizer, size));
  const { files, crops } = openCrops(values.data, Number(values.seed));
  writeFileSync(join(values.out, 'card.md'), card(rows, files, crops));
  console.log(rows);
} finally {
  await tokenizer.dispose();
}

interface Comparison {
  readonly size: number;
  readonly psnr: number;
  readonly bytes: number;
  readonly webp: Yardstick;
  readonly jpeg: Yardstick;
}

/** Means over the samples. */
interface Yardstick {
  /** Of the smallest files that are at least as good, picture by picture. */
  readonly bytes: number;
  /** Of the lowest quality. */
  readonly floorBytes: number;
  readonly floorPsnr: number;
}

async function compare(model: ImageTokenizer, size: number): Promise<Comparison> {
  const pictures = await readSamples(values.samples, size);
  const rows: Pick<Comparison, 'psnr' | 'bytes' | 'webp' | 'jpeg'>[] = [];
  for (const { picture } of pictures) {
    const tokens = await model.encode(picture);
    const own = psnr(picture, await model.decode(tokens)).value;
    const measure = async (format: 'webp' | 'jpeg', quality: number) => {
      const file = await encodeImage(picture, { format, quality });
      const { data, ...decoded } = await readImage(file);
      return { bytes: file.length, psnr: psnr(picture, { ...decoded, data: Uint8Array.from(data) }).value };
    };
    const yardstick = async (format: 'webp' | 'jpeg') => {
      const floor = await measure(format, 1);
      let [found, low, high] = [floor, 1, 100];
      while (floor.psnr < own && high - low > 1) {
        const middle = (low + high) >> 1;
        const at = await measure(format, middle);
        if (at.psnr >= own) [found, high] = [at, middle];
        else low = middle;
      }
      return { bytes: found.bytes, floorBytes: floor.bytes, floorPsnr: floor.psnr };
    };
    const bits = tokens.levels.reduce((sum, { data }) => sum + data.length * 10, 0);
    rows.push({ psnr: own, bytes: Math.ceil(bits / 8), webp: await yardstick('webp'), jpeg: await yardstick('jpeg') });
  }
  const mean = (value: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  const means = (format: 'webp' | 'jpeg'): Yardstick => ({
    bytes: mean((row) => row[format].bytes),
    floorBytes: mean((row) => row[format].floorBytes),
    floorPsnr: mean((row) => row[format].floorPsnr),
  });
  return {
    size,
    psnr: mean((row) => row.psnr),
    bytes: mean((row) => row.bytes),
    webp: means('webp'),
    jpeg: means('jpeg'),
  };
}

function plot(log: readonly LogEntry[]): string {
  const curve = (name: string, key: 'trainPsnr' | 'psnr128') => ({
    name,
    points: log.flatMap((line) => (line[key] === undefined ? [] : [[line['step']!, line[key]] as const])),
  });
  const curves = [curve('training crops, 64 px', 'trainPsnr'), curve('samples, 128 px', 'psnr128')];
  return plotLosses(curves, { title: 'image-starter: PSNR while training', unit: 'dB' });
}

function card(rows: readonly Comparison[], files: number, crops: number): string {
  const minutes = Math.round(trainingMinutes(lines));
  const steps = values.steps ?? String(state.step);
  const whole = (value: number) => value.toFixed(0);
  const table = rows.map(({ size, psnr: decibels, bytes, webp, jpeg }) =>
    [
      `${size} x ${size}`,
      decibels.toFixed(2),
      whole(bytes),
      whole(webp.bytes),
      `${whole(webp.floorBytes)} / ${webp.floorPsnr.toFixed(2)}`,
      whole(jpeg.bytes),
      `${whole(jpeg.floorBytes)} / ${jpeg.floorPsnr.toFixed(2)}`,
    ].join(' | '),
  );
  return `# image-starter

A small convolutional picture tokenizer with finite scalar quantization (levels 8, 5, 5, 5: 1000 codes, 10 bits a token),
one token per 8 x 8 pixels, pictures of any size. It is bundled so that everything runs offline. Trained on ${files} files,
${minutes} minutes, two cores; not a benchmark entry.

- Weights: \`image-starter.safetensors\`, ${(weights.length / 1e6).toFixed(1)} MB, float16, 1.45 million parameters.
- Licence of the weights: CC-BY-SA-4.0. The pictures and their authors are listed in \`CREDITS.json\`.
- Loss: mean squared error in an orthonormal opponent colour space; nothing perceptual, nothing adversarial.

## Training

\`\`\`
npm run data -- image
npm run train -- image-starter --seed ${values.seed} --steps ${steps}
\`\`\`

- Data: ${crops} crops of 64 x 64 pixels from ${files} files (\`data.lock.json\`); photographs 65 %, textures and paintings
  22 %, drawings 13 % of each batch of 32, flipped at random. The samples below are not among them.
- Optimizers: Muon 2e-3 on inner kernels, AdamW 2e-3 on the rest, warm-up of 150 updates, cosine to 1 %.
- Seed ${values.seed}, ${state.step} updates, ${minutes} minutes of wall-clock time on two CPU cores that did other work as well.
- Log: \`train.jsonl\`, plot: \`losses.svg\`.
${values.note ? `- ${values.note}\n` : ''}
## Figures

Means over the 13 opaque colour pictures of \`samples/image\`, resized to squares with Lanczos; PSNR of 8-bit pixels. Bytes of
ours are the ids at 10 bits without a container. "Same PSNR" is the smallest file that is at least as good, picture by
picture, or the lowest quality where that is better already; "floor" is quality 1, bytes and dB. WebP and JPEG by sharp.
Quality 1 is the lowest that sharp offers, not the smallest WebP there is: quality 0 by Pillow gives 404 bytes and 23.4 dB
at 128 x 128, against which the bytes above flatter this model.

| size | PSNR, dB | bytes | WebP, same PSNR | WebP floor | JPEG, same PSNR | JPEG floor |
|---|---|---|---|---|---|---|
${table.map((row) => `| ${row} |`).join('\n')}

Large shapes and colours hold; fur, leaves and rock are smears, and small lettering is lost.
`;
}
