import { type SourceFacts, type Tokens, writeTokensFile } from '@tesserae/core/data';
import { encodeTiled, type EncodeTiledOptions, type ImageEncodeOptions, type ImageTokenizer } from '@tesserae/image';
import {
  choiceOption,
  type CommandContext,
  countOption,
  defaultModel,
  flag,
  sizeOption,
  textOption,
  UsageError,
} from '../command';
import { eachInput } from '../io/each-input';
import { engineOption } from '../io/engine-option';
import { expandInputs } from '../io/expand-inputs';
import { readBytes, writeBytes } from '../io/files';
import { loadTokenizer } from '../io/load-tokenizer';
import { outputPaths } from '../io/output-paths';
import { standardStream } from '../io/standard-stream';
import { describeTreatment, readingNotes } from '../output/describe-source';
import type { Failure } from '../output/failure';

const ending = '.tok';

interface EncodedPicture {
  readonly input: string;
  readonly output: string;
  readonly items: number;
  readonly tokens: number;
  readonly payloadBits: number;
  /** Of the file; absent where several pictures share one. */
  readonly bytes?: number;
  readonly source: SourceFacts;
}

interface Settings {
  readonly options: ImageEncodeOptions;
  /** Cut into squares instead of fitting the whole. */
  readonly tiles?: Pick<EncodeTiledOptions, 'size' | 'overlap'>;
}

export async function encode(context: CommandContext): Promise<number> {
  const { output, signal, positionals } = context;
  const settings = encodeSettings(context);
  const entropy = choiceOption(context, 'entropy', ['none', 'rans']) ?? 'none';
  const out = textOption(context, 'out');
  const together = flag(context, 'many-in-one') ? out : undefined;
  if (flag(context, 'many-in-one') && together === undefined)
    throw new UsageError('--many-in-one needs --out with the name of the file.');
  engineOption(context);
  const inputs = await expandInputs(positionals, 'pictures');
  const paths = together === undefined ? outputPaths(inputs, ending, out) : inputs.map(() => together);
  const tokenizer = await loadTokenizer(context, textOption(context, 'model') ?? defaultModel);
  const done: EncodedPicture[] = [];
  const collected: Tokens[] = [];
  let failures: readonly Failure[] = [];
  try {
    failures = await eachInput(context, inputs, async (input, index) => {
      const items = await encodeOne(context, tokenizer, input, settings);
      if (together !== undefined) {
        collected.push(...items);
        done.push(report(context, input, together, items));
        return;
      }
      const bytes = writeTokensFile(items, { entropy });
      await writeBytes(paths[index]!, bytes, signal);
      done.push(report(context, input, paths[index]!, items, bytes.length));
    });
    if (together !== undefined && failures.length === 0) {
      const bytes = writeTokensFile(collected, { entropy });
      await writeBytes(together, bytes, signal);
      output.line(`${inputs.length} pictures in ${nameOf(together)}, ${bytes.length} bytes`);
    }
  } finally {
    await tokenizer.dispose();
  }
  const { identity, engine } = tokenizer.info;
  const written = together === undefined || failures.length === 0 ? done : [];
  output.result({ model: identity, engine, files: written, failed: failures.length, failures });
  return failures.length > 0 ? 1 : 0;
}

function encodeSettings(context: CommandContext): Settings {
  const pipeline = textOption(context, 'pipeline');
  const prefix = countOption(context, 'prefix');
  const fit = choiceOption(context, 'fit', ['crop', 'pad', 'squash', 'tiles']);
  const orient = choiceOption(context, 'orient', ['none', 'exif']);
  const size = countOption(context, 'tile');
  const overlap = sizeOption(context, 'overlap');
  if (fit !== 'tiles' && (size !== undefined || overlap !== undefined))
    throw new UsageError('--tile and --overlap need --fit tiles.');
  return {
    options: {
      signal: context.signal,
      ...(pipeline !== undefined && { pipeline }),
      ...(prefix !== undefined && { prefix }),
      ...(fit && fit !== 'tiles' && { fit }),
      ...(orient && { orient }),
    },
    ...(fit === 'tiles' && {
      tiles: { ...(size !== undefined && { size }), ...(overlap !== undefined && { overlap }) },
    }),
  };
}

/** The tokens of one picture: one item, or one for each tile. */
async function encodeOne(
  context: CommandContext,
  tokenizer: ImageTokenizer,
  input: string,
  { options, tiles }: Settings,
): Promise<readonly Tokens[]> {
  const progress = context.output.progress(input);
  try {
    const source = input === standardStream ? await readBytes(input, context.signal) : input;
    const given = { ...options, onProgress: progress.onProgress };
    return tiles
      ? await encodeTiled(tokenizer, source, { ...given, ...tiles })
      : [await tokenizer.encode(source, given)];
  } finally {
    progress.done();
  }
}

function report(
  context: CommandContext,
  input: string,
  output: string,
  items: readonly Tokens[],
  bytes?: number,
): EncodedPicture {
  const sum = (value: (item: Tokens) => number) => items.reduce((total, item) => total + value(item), 0);
  const payloadBits = sum((item) => item.payloadBits);
  const tokens = sum((item) => item.length);
  const { source } = items[0]!;
  const facts = [
    `${tokens} tokens`,
    ...(items.length > 1 ? [`${items.length} tiles`] : []),
    `${Math.ceil(payloadBits / 8)} bytes of payload`,
    ...(bytes === undefined ? [] : [`${bytes} bytes in all`]),
    ...[describeTreatment(source)].filter((text) => text !== undefined),
  ];
  context.output.line(`${input} -> ${nameOf(output)}  ${facts.join(', ')}`);
  for (const note of readingNotes(source)) context.output.warn(`${input}: ${note}`);
  return { input, output, items: items.length, tokens, payloadBits, ...(bytes !== undefined && { bytes }), source };
}

function nameOf(path: string): string {
  return path === standardStream ? 'standard output' : path;
}
