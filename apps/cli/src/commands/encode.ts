import { Tokens, writeTokensFile } from '@tesserae/core';
import type { ImageEncodeOptions, ImageTokenizer } from '@tesserae/image';
import {
  choiceOption,
  commonOptions,
  countOption,
  flag,
  modelOptions,
  textOption,
  type Command,
  type CommandContext,
} from '../command';
import { expandInputs, standardStream } from '../io/expand-inputs';
import { outputPath, readBytes, writeBytes } from '../io/files';
import { defaultModel, loadTokenizer } from '../io/load-tokenizer';
import { describeError } from '../output/describe-error';

const ending = '.tok';

interface EncodedFile {
  readonly input: string;
  readonly output: string;
  readonly tokens: number;
  readonly payloadBits: number;
  readonly bytes: number;
}

export const encodeCommand: Command = {
  name: 'encode',
  summary: 'Pictures into token files',
  operands: '<pictures, globs or ->',
  options: {
    model: { type: 'string', valueHint: 'preset or ./path', description: `Model (default: ${defaultModel})` },
    ...modelOptions,
    out: {
      type: 'string',
      alias: 'o',
      valueHint: 'file or folder',
      description: 'Where to write; - is standard output (default: beside the picture)',
    },
    pipeline: {
      type: 'string',
      valueHint: 'name',
      description: "Preprocessing, such as pil-bicubic-256 (default: the preset's)",
    },
    fit: {
      type: 'string',
      valueHint: 'crop|pad|squash',
      description: 'What happens to a picture of another shape (default: crop)',
    },
    orient: {
      type: 'string',
      valueHint: 'none|exif',
      description: "exif rotates as the file says (default: none, as the papers' loaders)",
    },
    prefix: { type: 'string', valueHint: 'n', description: 'Keep only the first n tokens' },
    entropy: { type: 'string', valueHint: 'none|rans', description: 'Entropy coding of the file (default: none)' },
    'many-in-one': { type: 'boolean', description: 'One file for all pictures; needs --out' },
    ...commonOptions,
  },
  examples: [
    'tesserae encode photo.jpg',
    'tesserae encode "photos/*.png" --out tokens/',
    'tesserae encode photo.png --model titok-l32 --folder ./weights',
    'cat photo.png | tesserae encode - > photo.tok',
  ],
  async run(context) {
    const { output, signal } = context;
    const inputs = await expandInputs(context.positionals, 'pictures');
    const out = textOption(context, 'out');
    const together = flag(context, 'many-in-one');
    const options = encodeOptions(context);
    const entropy = choiceOption(context, 'entropy', ['none', 'rans']) ?? 'none';
    const tokenizer = await loadTokenizer(context, textOption(context, 'model') ?? defaultModel);
    const done: EncodedFile[] = [];
    const collected: Tokens[] = [];
    let failed = 0;
    try {
      for (const input of inputs) {
        try {
          const tokens = await encodeOne(context, tokenizer, input, options);
          if (together) {
            collected.push(tokens);
            continue;
          }
          const path = outputPath(input, ending, out, inputs.length === 1);
          const bytes = tokens.toBytes({ entropy });
          await writeBytes(path, bytes, signal);
          done.push(report(context, input, path, tokens, bytes.length));
        } catch (error) {
          signal.throwIfAborted();
          failed += 1;
          output.error(describeError(error, flag(context, 'verbose')));
        }
      }
      if (together && failed === 0) {
        const bytes = writeTokensFile(collected, { entropy });
        await writeBytes(out ?? standardStream, bytes, signal);
        output.line(`${collected.length} pictures -> ${out ?? 'standard output'}  ${bytes.length} bytes`);
      }
    } finally {
      await tokenizer.dispose();
    }
    output.result({ model: tokenizer.info.identity, engine: tokenizer.info.engine, files: done, failed });
    return failed > 0 ? 1 : 0;
  },
};

function encodeOptions(context: CommandContext): ImageEncodeOptions {
  const pipeline = textOption(context, 'pipeline');
  const prefix = countOption(context, 'prefix');
  const fit = choiceOption(context, 'fit', ['crop', 'pad', 'squash']);
  const orient = choiceOption(context, 'orient', ['none', 'exif']);
  return {
    signal: context.signal,
    ...(pipeline !== undefined && { pipeline }),
    ...(prefix !== undefined && { prefix }),
    ...(fit && { fit }),
    ...(orient && { orient }),
  };
}

async function encodeOne(
  context: CommandContext,
  tokenizer: ImageTokenizer,
  input: string,
  options: ImageEncodeOptions,
): Promise<Tokens> {
  const progress = context.output.progress(input);
  try {
    const source = input === standardStream ? await readBytes(input, context.signal) : input;
    return await tokenizer.encode(source, { ...options, onProgress: progress.onProgress });
  } finally {
    progress.done();
  }
}

function report(context: CommandContext, input: string, path: string, tokens: Tokens, bytes: number): EncodedFile {
  const payload = Math.ceil(tokens.payloadBits / 8);
  context.output.line(
    `${input} -> ${path === standardStream ? 'standard output' : path}  ${tokens.length} tokens, ${payload} bytes of payload, ${bytes} bytes in all`,
  );
  return { input, output: path, tokens: tokens.length, payloadBits: tokens.payloadBits, bytes };
}
