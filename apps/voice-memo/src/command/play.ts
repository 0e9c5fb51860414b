import { encodeWav } from '@tesserae/audio';
import {
  type Command,
  commonOptions,
  readBytes,
  standardStream,
  textOption,
  UsageError,
  writeBytes,
} from '@tesserae/cli/shared';
import { memoIn } from '../memo/link';
import { decodeMessage } from '../memo/message';
import { engineOptions, onlyOperand, withModel } from './options';

export const playCommand: Command = {
  name: 'play',
  summary: 'Makes a WAV file of a string or a link',
  operands: '<string, link or -> --out <file>',
  options: {
    out: { type: 'string', alias: 'o', valueHint: 'file', description: 'WAV file to write, or - for standard output' },
    ...engineOptions,
    ...commonOptions,
  },
  examples: [
    'voice-memo play "http://localhost:4181/#memo=AQT…" -o message.wav',
    'voice-memo encode message.wav | voice-memo play - -o - | aplay',
  ],
  async run(context) {
    const { output, signal } = context;
    const operand = onlyOperand(context, 'a string or a link');
    const out = textOption(context, 'out');
    if (out === undefined) throw new UsageError('expected --out with a file to write, or - for standard output.');
    const text = operand === standardStream ? new TextDecoder().decode(await readBytes(operand, signal)) : operand;
    const sound = await withModel(context, (tokenizer) => decodeMessage(tokenizer, memoIn(text), { signal }));
    await writeBytes(out, encodeWav(sound), signal);
    const { sampleRate, channels } = sound;
    const samples = channels[0]!.length;
    const seconds = samples / sampleRate;
    output.line(`${out}  ${seconds.toFixed(2)} s, ${sampleRate} Hz`);
    output.result({ output: out, samples, sampleRate, seconds });
    return 0;
  },
};
