import { melRvq, type MelRvqTokenizer } from '@tesserae/audio';
import { type Command, type CommandContext, engineOption, UsageError } from '@tesserae/cli/shared';

export const engineOptions: Command['options'] = {
  engine: {
    type: 'string',
    valueHint: 'name',
    description: 'auto, onnx, onnx-web, tfjs-node, tfjs-node-gpu, wasm or cpu (default: auto)',
  },
};

/** The model of every memo. */
export const model = 'audio-starter';

/** Does something with the model, which ships with @tesserae/audio, and closes it. */
export async function withModel<T>(context: CommandContext, use: (model: MelRvqTokenizer) => Promise<T>): Promise<T> {
  const tokenizer = await melRvq.fromPretrained(model, {
    engine: engineOption(context),
    engineOptions: { prepack: false },
    signal: context.signal,
  });
  try {
    return await use(tokenizer);
  } finally {
    await tokenizer.dispose();
  }
}

/** The only operand. @throws {UsageError} None, or several. */
export function onlyOperand({ positionals }: CommandContext, what: string): string {
  const [only, ...more] = positionals;
  if (only === undefined || more.length > 0) {
    throw new UsageError(`expected ${what}, got ${only === undefined ? 'nothing' : `${positionals.length} operands`}.`);
  }
  return only;
}
