import { selectEngine, type EngineName } from '@tesserae/core';
import { EngineError } from '@tesserae/core/data';
import { engineOption, textOption, UsageError, type Command } from '../command';
import { writeBytes } from '../io/files';
import { defaultModel } from '../io/load-tokenizer';
import type { EngineCheck } from '../self-test/engine-check';
import { knownAnswer } from '../self-test/known-answer';
import { answerOf } from '../self-test/starter-check';

/** One engine, in the process that {@link checkEngine} starts for it. */
export const selfTestCommand: Command = {
  name: 'self-test',
  summary: 'Parts of tesserae doctor that need a process of their own',
  operands: '',
  options: {
    engine: { type: 'string', description: 'Name of the engine' },
    store: {
      type: 'string',
      valueHint: 'file',
      description: `Write what ${defaultModel} answers, for doctor --model: after its weights have changed`,
    },
  },
  examples: ['tesserae self-test --store packages/image/starter/image-starter.check.json'],
  async run(context) {
    const target = textOption(context, 'store');
    if (target !== undefined) {
      const { files: _files, ...answer } = await answerOf(defaultModel, context.signal);
      await writeBytes(target, new TextEncoder().encode(`${JSON.stringify(answer)}\n`), context.signal);
      return 0;
    }
    const name = engineOption(context);
    if (name === 'auto') throw new UsageError('--engine: expected the name of one engine.');
    process.send?.(await check(name));
    process.disconnect?.();
    return 0;
  },
};

async function check(name: EngineName): Promise<EngineCheck> {
  try {
    const engine = await selectEngine(name);
    try {
      return { report: engine.report, test: await knownAnswer(engine) };
    } finally {
      await engine.dispose();
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const reason = error.message.replace(`${name}: select: `, '').replace(/\.$/, '');
    return { report: { name, available: false, compiled: name.startsWith('onnx'), reason } };
  }
}
