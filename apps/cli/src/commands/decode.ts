import { readTokensFile, type DecodeOptions, type Tokens } from '@tesserae/core';
import { encodeImage, type ImageTokenizer, type WriteFormat } from '@tesserae/image';
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
import { loadTokenizer, modelOfTokens } from '../io/load-tokenizer';
import { describeError } from '../output/describe-error';

const formats: readonly WriteFormat[] = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'];

export const decodeCommand: Command = {
  name: 'decode',
  summary: 'Token files into pictures',
  operands: '<token files, globs or ->',
  options: {
    model: {
      type: 'string',
      valueHint: 'preset or ./path',
      description: 'Model (default: the one that the file names)',
    },
    ...modelOptions,
    out: {
      type: 'string',
      alias: 'o',
      valueHint: 'file or folder',
      description: 'Where to write; - is standard output (default: beside the token file)',
    },
    format: {
      type: 'string',
      valueHint: formats.join('|'),
      description: 'Picture format (default: by the ending of --out, else png)',
    },
    quality: { type: 'string', valueHint: '1..100', description: 'Quality of lossy formats' },
    prefix: { type: 'string', valueHint: 'n', description: 'Decode only the first n tokens' },
    'allow-mismatch': { type: 'boolean', description: 'Decode tokens that other weights made' },
    ...commonOptions,
  },
  examples: [
    'tesserae decode photo.tok',
    'tesserae decode "tokens/*.tok" --out pictures/ --format webp',
    'tesserae decode photo.tok --prefix 32 --out preview.png',
  ],
  async run(context) {
    const { output, signal } = context;
    const inputs = await expandInputs(context.positionals, 'token files');
    const loaded = new Map<string, ImageTokenizer>();
    const files: { readonly input: string; readonly output: string; readonly bytes: number }[] = [];
    let failed = 0;
    try {
      for (const input of inputs) {
        try {
          const items = readTokensFile(await readBytes(input, signal));
          for (const [index, tokens] of items.entries()) {
            const suffix = items.length > 1 ? `-${index + 1}` : '';
            files.push(await decodeOne(context, loaded, input, tokens, suffix, inputs.length * items.length === 1));
          }
        } catch (error) {
          signal.throwIfAborted();
          failed += 1;
          output.error(`${input}: ${describeError(error, flag(context, 'verbose'))}`);
        }
      }
    } finally {
      for (const tokenizer of loaded.values()) await tokenizer.dispose();
    }
    output.result({ files, failed });
    return failed > 0 ? 1 : 0;
  },
};

async function decodeOne(
  context: CommandContext,
  loaded: Map<string, ImageTokenizer>,
  input: string,
  tokens: Tokens,
  suffix: string,
  single: boolean,
): Promise<{ readonly input: string; readonly output: string; readonly bytes: number }> {
  const model = modelOfTokens(context, tokens);
  const tokenizer = loaded.get(model) ?? (await loadTokenizer(context, model));
  loaded.set(model, tokenizer);
  const prefix = countOption(context, 'prefix');
  const quality = countOption(context, 'quality');
  const out = textOption(context, 'out');
  const format = choiceOption(context, 'format', formats) ?? formatOfEnding(out) ?? 'png';
  const progress = context.output.progress(input);
  const options: DecodeOptions = {
    signal: context.signal,
    onProgress: progress.onProgress,
    allowMismatch: flag(context, 'allow-mismatch'),
    ...(prefix !== undefined && { prefix }),
  };
  try {
    const picture = await tokenizer.decode(tokens, options);
    const bytes = await encodeImage(picture, { format, ...(quality !== undefined && { quality }) });
    const path = outputPath(input, `${suffix}.${format === 'jpeg' ? 'jpg' : format}`, out, single);
    await writeBytes(path, bytes, context.signal);
    context.output.line(
      `${input} -> ${path === standardStream ? 'standard output' : path}  ${picture.width} x ${picture.height}`,
    );
    return { input, output: path, bytes: bytes.length };
  } finally {
    progress.done();
  }
}

function formatOfEnding(path: string | undefined): WriteFormat | undefined {
  const found = /\.([a-z]+)$/i.exec(path ?? '')?.[1]?.toLowerCase();
  const format = found === 'jpg' ? 'jpeg' : found === 'tif' ? 'tiff' : found;
  return formats.find((known) => known === format);
}
