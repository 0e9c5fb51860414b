import type { DecodeOptions } from '@tesserae/core';
import { readTokensFile, type Tokens } from '@tesserae/core/data';
import { encodeImage, type ImageTokenizer, type WriteFormat } from '@tesserae/image';
import { choiceOption, type CommandContext, countOption, flag, textOption, UsageError } from '../command';
import { eachInput } from '../io/each-input';
import { engineOption } from '../io/engine-option';
import { expandInputs } from '../io/expand-inputs';
import { readBytes, writeBytes } from '../io/files';
import { loadTokenizer, modelOfTokens } from '../io/load-tokenizer';
import { outputPath, outputPaths } from '../io/output-paths';
import { standardStream } from '../io/standard-stream';
import { decodePicture, pictureGroups } from '../io/tile-groups';
import { pictureFormats } from './picture-formats';

interface DecodedFile {
  readonly input: string;
  readonly output: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

interface Settings {
  readonly options: DecodeOptions;
  readonly format: WriteFormat;
  /** Of the file name: `.jpg`. */
  readonly ending: string;
  readonly quality?: number;
}

export async function decode(context: CommandContext): Promise<number> {
  const { output, signal } = context;
  const settings = decodeSettings(context);
  engineOption(context);
  const inputs = await expandInputs(context.positionals, 'token files');
  const paths = outputPaths(inputs, settings.ending, textOption(context, 'out'));
  const loaded = new Map<string, ImageTokenizer>();
  const files: DecodedFile[] = [];
  try {
    const failures = await eachInput(context, inputs, async (input, index) => {
      const pictures = pictureGroups(readTokensFile(await readBytes(input, signal)));
      const targets = targetsOf(context, input, paths[index]!, settings.ending, pictures.length);
      for (const [place, picture] of pictures.entries())
        files.push(await decodeOne(context, loaded, settings, input, picture, targets[place]!));
    });
    output.result({ files, failed: failures.length, failures });
    return failures.length > 0 ? 1 : 0;
  } finally {
    for (const tokenizer of loaded.values()) await tokenizer.dispose();
  }
}

function decodeSettings(context: CommandContext): Settings {
  const format = choiceOption(context, 'format', pictureFormats) ?? formatOfEnding(textOption(context, 'out')) ?? 'png';
  const quality = countOption(context, 'quality');
  if (quality !== undefined && quality > 100) throw new UsageError(`--quality: expected 1 to 100, got ${quality}.`);
  const prefix = countOption(context, 'prefix');
  return {
    format,
    ending: `.${format === 'jpeg' ? 'jpg' : format}`,
    ...(quality !== undefined && { quality }),
    options: {
      signal: context.signal,
      allowMismatch: flag(context, 'allow-mismatch'),
      ...(prefix !== undefined && { prefix }),
    },
  };
}

/** A file with several pictures gives numbered ones, in `--out` as a folder. */
function targetsOf(
  context: CommandContext,
  input: string,
  path: string,
  ending: string,
  count: number,
): readonly string[] {
  if (count === 1) return [path];
  if (path === standardStream) throw new UsageError(`standard output takes one picture, the file has ${count}.`);
  return Array.from({ length: count }, (_, index) =>
    outputPath(input, `-${index + 1}${ending}`, textOption(context, 'out'), false),
  );
}

async function decodeOne(
  context: CommandContext,
  loaded: Map<string, ImageTokenizer>,
  { options, format, quality }: Settings,
  input: string,
  picture: readonly Tokens[],
  path: string,
): Promise<DecodedFile> {
  const model = modelOfTokens(context, picture[0]!);
  const tokenizer = loaded.get(model) ?? (await loadTokenizer(context, model));
  loaded.set(model, tokenizer);
  const progress = context.output.progress(input);
  try {
    const decoded = await decodePicture(tokenizer, picture, { ...options, onProgress: progress.onProgress });
    const bytes = await encodeImage(decoded, { format, ...(quality !== undefined && { quality }) });
    await writeBytes(path, bytes, context.signal);
    const { width, height } = decoded;
    const name = path === standardStream ? 'standard output' : path;
    context.output.line(`${input} -> ${name}  ${width} x ${height}, ${bytes.length} bytes`);
    return { input, output: path, width, height, bytes: bytes.length };
  } finally {
    progress.done();
  }
}

function formatOfEnding(path: string | undefined): WriteFormat | undefined {
  const found = /\.([a-z]+)$/i.exec(path ?? '')?.[1]?.toLowerCase();
  const format = found === 'jpg' ? 'jpeg' : found === 'tif' ? 'tiff' : found;
  return pictureFormats.find((known) => known === format);
}
