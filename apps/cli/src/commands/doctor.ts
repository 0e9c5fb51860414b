import { freemem, totalmem } from 'node:os';
import { encodeImage, imageTokenizers } from '@tesserae/image';
import manifest from '../../package.json';
import { commonOptions, textOption, type Command } from '../command';
import { byteSize } from '../output/table';
import { checkEngines, type EngineCheck } from '../self-test/engine-check';
import type { SelfTest } from '../self-test/known-answer';
import { checkStarter } from '../self-test/starter-check';
import { packageVersions } from '../self-test/versions';

const engineFix = 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0';
const codecFix = 'npm install sharp@0.35.5';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'What runs here, what is missing and how to mend it; a self test',
  operands: '',
  options: {
    model: {
      type: 'string',
      valueHint: 'preset',
      description: 'Also check a preset against its stored answer: image-starter',
    },
    ...commonOptions,
  },
  examples: ['tesserae doctor', 'tesserae doctor --model image-starter', 'tesserae doctor --json'],
  async run(context) {
    const { output, signal } = context;
    const sharp = await hasSharp();
    const checks = await checkEngines(signal);
    const tests = checks.flatMap(({ test }) => (test ? [test] : []));
    const model = textOption(context, 'model');
    if (model !== undefined) tests.push(await checkStarter(model, signal));
    const compiled = checks.some(({ report }) => report.name === 'onnx' && report.available);
    const facts = {
      version: manifest.version,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      memory: { freeBytes: freemem(), totalBytes: totalmem() },
      packages: packageVersions(),
      sharp,
      presets: (await imageTokenizers.list()).length,
      engines: checks.map(({ report }) => report),
      tests,
      fixes: [...(compiled ? [] : [engineFix]), ...(sharp ? [] : [codecFix])],
    };
    for (const [title, text] of rows(facts, checks)) output.line(`${title.padEnd(12)} ${text}`);
    output.result(facts);
    return tests.every(({ passed }) => passed) ? 0 : 1;
  },
};

interface Facts {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly memory: { readonly freeBytes: number; readonly totalBytes: number };
  readonly packages: Readonly<Record<string, string | null>>;
  readonly sharp: boolean;
  readonly tests: readonly SelfTest[];
  readonly fixes: readonly string[];
}

function* rows(facts: Facts, checks: readonly EngineCheck[]): Generator<readonly [title: string, text: string]> {
  yield ['tesserae', facts.version];
  yield ['node', `${facts.node} on ${facts.platform}`];
  yield ['memory', `${byteSize(facts.memory.freeBytes)} free of ${byteSize(facts.memory.totalBytes)}`];
  for (const [name, version] of Object.entries(facts.packages))
    yield ['package', `${name.padEnd(22)} ${version ?? 'not installed'}`];
  yield ['pictures', facts.sharp ? 'PNG, JPEG, WebP, AVIF, TIFF, GIF' : 'only PNG: sharp is missing'];
  for (const { report } of checks) {
    const { name, available, device, reason } = report;
    yield ['engine', `${name.padEnd(14)} ${available ? `works, ${device ?? ''}` : `no: ${reason ?? 'unavailable'}`}`];
  }
  for (const { name, passed, detail } of facts.tests)
    yield ['self test', `${name.padEnd(14)} ${passed ? 'passed' : 'FAILED'}: ${detail}`];
  if (facts.fixes.length === 0) yield ['to mend', 'nothing'];
  for (const fix of facts.fixes) yield ['to mend', fix];
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
