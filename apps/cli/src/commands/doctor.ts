import { freemem, totalmem } from 'node:os';
import { describeEngines, type EngineReport } from '@tesserae/core';
import { encodeImage, imageTokenizers } from '@tesserae/image';
import { commonOptions, textOption, type Command } from '../command';
import { byteSize } from '../output/table';
import { knownAnswer, type SelfTest } from '../self-test/known-answer';
import { checkStarter } from '../self-test/starter-check';

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
    const { output } = context;
    const engines = await describeEngines();
    const sharp = await hasSharp();
    const tests: SelfTest[] = [];
    for (const { name } of engines.filter(({ available }) => available)) tests.push(await knownAnswer(name));
    const model = textOption(context, 'model');
    if (model !== undefined) tests.push(await checkStarter(model));
    const fixes = [...(engineOf(engines, 'onnx')?.available ? [] : [engineFix]), ...(sharp ? [] : [codecFix])];

    output.line(`node         ${process.version} on ${process.platform}-${process.arch}`);
    output.line(`memory       ${byteSize(freemem())} free of ${byteSize(totalmem())}`);
    output.line(
      `sharp        ${sharp ? 'works: JPEG, WebP, AVIF, TIFF, GIF' : 'missing: only PNG can be read and written'}`,
    );
    for (const { name, available, device, reason } of engines) {
      output.line(
        `engine       ${name.padEnd(14)} ${available ? `works, ${device ?? ''}` : `no: ${reason ?? 'unavailable'}`}`,
      );
    }
    for (const { name, passed, detail } of tests)
      output.line(`self test    ${name.padEnd(14)} ${passed ? 'passed' : 'FAILED'}${detail ? `: ${detail}` : ''}`);
    for (const fix of fixes) output.line(`to mend      ${fix}`);
    const failed = tests.filter(({ passed }) => !passed).length;
    output.result({
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      sharp,
      engines,
      tests,
      fixes,
      presets: (await imageTokenizers.list()).length,
    });
    return failed > 0 ? 1 : 0;
  },
};

function engineOf(engines: readonly EngineReport[], name: string): EngineReport | undefined {
  return engines.find((engine) => engine.name === name);
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
