import { type EngineName, selectEngine } from '@tesserae/core';
import { EngineError } from '@tesserae/core/data';
import { type CommandContext, defaultModel, textOption, UsageError } from '../command';
import { engineOption } from '../io/engine-option';
import { writeBytes } from '../io/files';
import type { EngineCheck } from './engine-check';
import { knownAnswer } from './known-answer';
import { answerOf } from './starter-check';

export async function selfTest(context: CommandContext): Promise<number> {
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
}

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
