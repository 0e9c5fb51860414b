import type { TextEncodeOptions, TextTokenizer } from '@tesserae/text';
import { choiceOption, type CommandContext, flag } from '../command';
import { specialModes } from './text-options';
import { throughStream } from './through-stream';

/** How a whole text is encoded; what a tokenizer.json says about truncation and padding is not followed. */
export type WholeTextOptions = Required<
  Pick<TextEncodeOptions, 'specials' | 'addSpecialTokens' | 'truncation' | 'padding'>
>;

/** @throws {UsageError} No such mode. */
export function encodeOptions(context: CommandContext): WholeTextOptions {
  return {
    specials: choiceOption(context, 'specials', specialModes) ?? 'ordinary',
    addSpecialTokens: flag(context, 'add-special-tokens'),
    truncation: { maxLength: Number.MAX_SAFE_INTEGER },
    padding: { length: 0 },
  };
}

/** Ids of a text as it comes; special tokens need the whole of it. @throws {InputError} As `TextTokenizer.encode`. */
export async function* idChunks(
  tokenizer: TextTokenizer,
  text: AsyncIterable<string>,
  options: WholeTextOptions,
): AsyncIterable<Int32Array> {
  if (options.specials === 'ordinary' && !options.addSpecialTokens) {
    yield* throughStream(text, tokenizer.encodeStream());
    return;
  }
  const parts: string[] = [];
  for await (const part of text) parts.push(part);
  yield tokenizer.encode(parts.join(''), options).ids;
}
