import { extname } from 'node:path';
import type { Tokens } from '@tesserae/core';
import { TokensError } from '@tesserae/core/data';
import type { TextDecodeOptions, TextTokenizer } from '@tesserae/text';
import { choiceOption, type CommandContext, flag, textOption, UsageError } from '../command';
import { eachInput } from '../io/each-input';
import { expandFiles } from '../io/expand-files';
import { readBytes, writeBytes, writeChunks } from '../io/files';
import { outputPaths } from '../io/output-paths';
import { standardStream } from '../io/standard-stream';
import { readIds, textItems } from './id-formats';
import { fileChunks } from './text-inputs';
import { type IdFormat, idFormats } from './text-options';
import { throughStream } from './through-stream';
import { chosenVocabulary, vocabularyByName } from './vocabulary-options';

const ending = '.txt';
const givenIds = '--ids';

interface DecodedText {
  readonly input: string;
  readonly characters: number;
  /** Where it was written. */
  readonly output?: string;
  /** Where it was not written. */
  readonly text?: string;
}

export async function textDecode(context: CommandContext): Promise<number> {
  const { output, signal, positionals } = context;
  const given = textOption(context, 'ids');
  if (given !== undefined && positionals.length > 0)
    throw new UsageError(`--ids goes without files, got ${positionals.join(', ')}.`);
  const out = textOption(context, 'out');
  const format = choiceOption(context, 'as', idFormats);
  const inputs = given === undefined ? await expandFiles(positionals, 'files of ids') : [givenIds];
  const paths = out === undefined ? [] : outputPaths(inputs, ending, out, positionals);
  const done: DecodedText[] = [];
  const vocabularies = openedOnce(context);
  const failures = await eachInput(context, inputs, async (input, index) => {
    const path = paths[index] ?? standardStream;
    const text = decodeText(context, vocabularies, { input, format: formatOf(input, format), given });
    let characters = 0;
    const kept: string[] = [];
    async function* written(): AsyncIterable<Uint8Array> {
      for await (const piece of text) {
        characters += [...piece].length;
        if (output.json && out === undefined) kept.push(piece);
        else yield Buffer.from(piece);
      }
    }
    if (path !== standardStream) await writeChunks(path, written(), signal);
    else for await (const chunk of written()) await writeBytes(path, chunk, signal);
    if (path !== standardStream) output.line(`${input} -> ${path}  ${characters} characters`);
    done.push({ input, characters, ...(out === undefined ? { text: kept.join('') } : { output: path }) });
  });
  if (out === undefined && process.stdout.isTTY === true && !output.json) process.stdout.write('\n');
  output.result({ files: done, failed: failures.length, failures });
  return failures.length > 0 ? 1 : 0;
}

function formatOf(input: string, asked: IdFormat | undefined): IdFormat {
  return asked ?? (extname(input) === '.tok' ? 'tok' : 'ids');
}

/** A vocabulary by name, or the one that the command line asks for. */
type Vocabularies = (name?: string) => Promise<TextTokenizer>;

function openedOnce(context: CommandContext): Vocabularies {
  const opened = new Map<string, Promise<TextTokenizer>>();
  return (name) => {
    const key = textOption(context, 'vocabulary') ?? name;
    const tokenizer =
      opened.get(key ?? '') ?? (key === undefined ? chosenVocabulary(context) : vocabularyByName(context, key));
    opened.set(key ?? '', tokenizer);
    return tokenizer;
  };
}

interface IdsOfInput {
  readonly input: string;
  readonly format: IdFormat;
  /** Those of `--ids`. */
  readonly given: string | undefined;
}

/** Text of one input as it comes. */
async function* decodeText(
  context: CommandContext,
  vocabularies: Vocabularies,
  { input, format, given }: IdsOfInput,
): AsyncIterable<string> {
  const options: TextDecodeOptions = {
    skipSpecials: flag(context, 'skip-specials'),
    errors: flag(context, 'strict') ? 'strict' : 'replace',
    unknownIds: flag(context, 'skip-unknown') ? 'skip' : 'error',
  };
  if (format === 'tok') {
    for (const item of textItems(await readBytes(input, context.signal), input)) {
      const tokenizer = checkOwner(await vocabularies(item.tokenizer.variant), item, input);
      yield tokenizer.decode(
        item.levels.flatMap((level) => (level.kind === 'index' ? [...level.data] : [])),
        options,
      );
    }
    return;
  }
  const bytes = given === undefined ? fileChunks(context, input) : only(Buffer.from(given));
  const ids = readIds(bytes, format, input);
  yield* throughStream(ids, (await vocabularies()).decodeStream(options));
}

/** The vocabulary, where the tokens are of it. @throws {TokensError} `fingerprint-mismatch`. */
function checkOwner(opened: TextTokenizer, { tokenizer }: Tokens, input: string): TextTokenizer {
  const { fingerprint } = opened.tokens({ ids: new Int32Array() }).tokenizer;
  if (fingerprint === tokenizer.fingerprint) return opened;
  throw new TokensError(
    'fingerprint-mismatch',
    `${input}: made with ${tokenizer.variant} (${tokenizer.fingerprint}), not with ${opened.info.variant} (${fingerprint}).`,
  );
}

async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
