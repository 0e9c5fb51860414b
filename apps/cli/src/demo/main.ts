import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tokens, type ImageSignal } from '@tesserae/core';
import { psnr, ssim } from '@tesserae/core/metrics';
import { imageTokenizers, writeImage, type ImageTokenizer } from '@tesserae/image';
import { referenceFor } from '../io/pictures';
import { table } from '../output/table';
import { contactSheet } from './contact-sheet';
import { bytesForQuality, type Yardstick } from './yardstick';

interface Row {
  readonly picture: string;
  readonly tokens: number;
  readonly payloadBytes: number;
  readonly fileBytes: number;
  readonly psnr: number;
  readonly ssim: number;
  readonly webp: Yardstick | undefined;
  readonly jpeg: Yardstick | undefined;
  readonly milliseconds: number;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const samples = join(root, 'samples', 'image');
const target = join(root, 'demo-output');
const model = 'image-starter';

/** `npm run demo`: the sample pictures into `.tok` files and back, beside WebP and JPEG. */
async function demo(): Promise<void> {
  const files = (await readdir(samples)).filter((name) => name.endsWith('.png')).toSorted();
  await mkdir(target, { recursive: true });
  console.log(
    `demo: encoding ${files.length} pictures of samples/image with the model ${model} that ships in packages/image/starter`,
  );
  const tokenizer = await imageTokenizers.fromPretrained(model);
  const { engine, license } = tokenizer.info;
  console.log(`demo: engine ${engine.name} (${engine.device ?? ''}), weights ${license.name}\n`);
  const rows: Row[] = [];
  const pairs: { readonly original: ImageSignal; readonly decoded: ImageSignal }[] = [];
  try {
    for (const file of files) {
      const { row, pair } = await roundTrip(tokenizer, file);
      rows.push(row);
      pairs.push(pair);
    }
  } finally {
    await tokenizer.dispose();
  }
  printTable(rows);
  const sheet = join(target, 'contact-sheet.png');
  await writeImage(sheet, contactSheet(pairs));
  console.log(
    `\nOriginal beside reconstruction, in the order of the table: ${relative(process.env['INIT_CWD'] ?? process.cwd(), sheet)}`,
  );
}

async function roundTrip(tokenizer: ImageTokenizer, file: string) {
  const path = join(samples, file);
  const name = basename(file, '.png');
  const began = performance.now();
  const bytes = (await tokenizer.encode(path)).toBytes({ entropy: 'rans' });
  await writeFile(join(target, `${name}.tok`), bytes);
  const tokens = Tokens.fromBytes(bytes);
  const decoded = await tokenizer.decode(tokens);
  const milliseconds = performance.now() - began;
  const original = await referenceFor(path, tokens, decoded);
  const quality = psnr(original, decoded).value;
  const row: Row = {
    picture: name,
    tokens: tokens.length,
    payloadBytes: Math.ceil(tokens.payloadBits / 8),
    fileBytes: bytes.length,
    psnr: quality,
    ssim: ssim(original, decoded).value,
    webp: await bytesForQuality(original, 'webp', quality),
    jpeg: await bytesForQuality(original, 'jpeg', quality),
    milliseconds,
  };
  return { row, pair: { original, decoded } };
}

function printTable(rows: readonly Row[]): void {
  const mean = (value: (row: Row) => number) => rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  console.log(
    table(rows, [
      { title: 'picture', value: ({ picture }) => picture },
      { title: 'tokens', align: 'right', value: ({ tokens }) => String(tokens) },
      { title: 'bytes', align: 'right', value: ({ payloadBytes }) => String(payloadBytes) },
      { title: '.tok', align: 'right', value: ({ fileBytes }) => String(fileBytes) },
      { title: 'PSNR', align: 'right', value: (row) => `${row.psnr.toFixed(2)} dB` },
      { title: 'SSIM', align: 'right', value: (row) => row.ssim.toFixed(3) },
      { title: 'WebP', align: 'right', value: ({ webp }) => yardstickText(webp) },
      { title: 'JPEG', align: 'right', value: ({ jpeg }) => yardstickText(jpeg) },
      { title: 'time', align: 'right', value: (row) => `${row.milliseconds.toFixed(0)} ms` },
    ]),
  );
  console.log(
    `\nmean of ${rows.length}: ${mean((row) => row.payloadBytes).toFixed(0)} bytes, PSNR ${mean((row) => row.psnr).toFixed(2)} dB, SSIM ${mean((row) => row.ssim).toFixed(3)}`,
  );
  console.log(
    'bytes = ids alone; .tok = the self-describing file, entropy coded. WebP, JPEG = bytes at which they reach the same PSNR;',
  );
  console.log('a star marks their smallest possible file, which is better than that already.');
  if (rows.some(({ webp }) => webp === undefined))
    console.log('WebP and JPEG need sharp, which is not installed: npm install sharp@0.35.5');
}

function yardstickText(found: Yardstick | undefined): string {
  if (found === undefined) return 'no sharp';
  return found.smallest ? `${found.bytes}*` : String(found.bytes);
}

await demo();
