import { freemem, totalmem } from 'node:os';
import { encodeImage, type ImageTokenizer, type PublishedAnswer } from '@tesserae/image';
import manifest from '../../package.json';
import { type CommandContext, textOption, UsageError } from '../command';
import { imageModality } from '../image/image-modality';
import { openModel } from '../io/model-pool';
import { modalities } from '../modality/modalities';
import { byteSize } from '../output/table';
import { checkEngines, type EngineCheck } from './engine-check';
import { ffmpegFix, ffmpegVersion } from './ffmpeg-version';
import type { SelfTest } from './known-answer';
import { answersOf, checkPublished } from './published-check';
import { checkStarter } from './starter-check';
import { packageVersions, soundPackages } from './versions';

const engineFix = 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0';
const codecFix = 'npm install sharp@0.35.5';

export async function doctor(context: CommandContext): Promise<number> {
  const { output, signal } = context;
  const model = textOption(context, 'model');
  const published = publishedPictures(context, model);
  const sharp = await hasSharp();
  const ffmpeg = await ffmpegVersion(signal);
  const checks = await checkEngines(signal);
  const tests = checks.flatMap(({ test }) => (test ? [test] : []));
  if (model !== undefined) tests.push(...(await modelTests(context, model, published)));
  const compiled = checks.some(({ report }) => report.name === 'onnx' && report.available);
  const facts = {
    version: manifest.version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    memory: { freeBytes: freemem(), totalBytes: totalmem() },
    packages: packageVersions(),
    sharp,
    ffmpeg,
    presets: await countPresets(),
    engines: checks.map(({ report }) => report),
    tests,
    fixes: [...(compiled ? [] : [engineFix]), ...(sharp ? [] : [codecFix]), ...(ffmpeg === null ? [ffmpegFix] : [])],
  };
  for (const [title, text] of rows(facts, checks)) output.line(`${title.padEnd(12)} ${text}`);
  output.result(facts);
  return tests.every(({ passed }) => passed) ? 0 : 1;
}

async function countPresets(): Promise<number> {
  let count = 0;
  for (const modality of modalities) count += (await (await modality.registry()).list()).length;
  return count;
}

type PublishedPictures = readonly { readonly path: string; readonly answer: PublishedAnswer }[];

/** @throws {UsageError} Pictures without a model, or none that its authors published. */
function publishedPictures({ positionals }: CommandContext, model: string | undefined): PublishedPictures {
  if (positionals.length === 0) return [];
  if (model === undefined) throw new UsageError('pictures need --model with the preset that they are checked with.');
  const answers = answersOf(model, positionals);
  return positionals.map((path, index) => ({ path, answer: answers[index]! }));
}

async function modelTests(
  context: CommandContext,
  model: string,
  published: PublishedPictures,
): Promise<readonly SelfTest[]> {
  const { signal } = context;
  if (published.length === 0) return [await checkStarter(model, signal)];
  const tokenizer = (await openModel(context, imageModality, model)) as ImageTokenizer;
  try {
    const tests: SelfTest[] = [];
    for (const { path, answer } of published) tests.push(await checkPublished(tokenizer, path, answer, signal));
    return tests;
  } finally {
    await tokenizer.dispose();
  }
}

interface Facts {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly memory: { readonly freeBytes: number; readonly totalBytes: number };
  readonly packages: Readonly<Record<string, string | null>>;
  readonly sharp: boolean;
  readonly ffmpeg: string | null;
  readonly tests: readonly SelfTest[];
  readonly fixes: readonly string[];
}

function* rows(facts: Facts, checks: readonly EngineCheck[]): Generator<readonly [title: string, text: string]> {
  yield ['tesserae', facts.version];
  yield ['node', `${facts.node} on ${facts.platform}`];
  yield ['memory', `${byteSize(facts.memory.freeBytes)} free of ${byteSize(facts.memory.totalBytes)}`];
  for (const [name, version] of Object.entries(facts.packages))
    yield ['package', `${name.padEnd(30)} ${version ?? 'not installed'}`];
  yield ['pictures', facts.sharp ? 'PNG, JPEG, WebP, AVIF, TIFF, GIF' : 'only PNG: sharp is missing'];
  yield ['sounds', soundFormats(facts)];
  for (const { report } of checks) {
    const { name, available, device, reason } = report;
    yield ['engine', `${name.padEnd(14)} ${available ? `works, ${device ?? ''}` : `no: ${reason ?? 'unavailable'}`}`];
  }
  for (const { name, passed, detail } of facts.tests)
    yield ['self test', `${name.padEnd(14)} ${passed ? 'passed' : 'FAILED'}: ${detail}`];
  if (facts.fixes.length === 0) yield ['to mend', 'nothing'];
  for (const fix of facts.fixes) yield ['to mend', fix];
}

function soundFormats({ ffmpeg, packages }: Facts): string {
  const decoders = [
    ['MP3', soundPackages[0]],
    ['Ogg Vorbis', soundPackages[1]],
    ['Opus', soundPackages[2]],
  ] as const;
  const here = decoders.filter(([, name]) => packages[name] !== null).map(([format]) => format);
  const own = ['WAV', 'FLAC', 'AIFF', 'AU', ...here].join(', ');
  return ffmpeg === null ? `${own}; others need ffmpeg, which is missing` : `${own}; others by ffmpeg ${ffmpeg}`;
}

/** Writing a WebP of one pixel needs sharp and nothing else. */
async function hasSharp(): Promise<boolean> {
  try {
    await encodeImage(
      { modality: 'image', width: 1, height: 1, channels: 3, data: new Uint8Array(3) },
      { format: 'webp' },
    );
    return true;
  } catch {
    return false;
  }
}
