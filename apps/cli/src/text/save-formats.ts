import { extname } from 'node:path';
import { UnsupportedError } from '@tesserae/core/data';
import type { TextSaveFormat, TextTokenizer } from '@tesserae/text';
import { choiceOption, type CommandContext, UsageError } from '../command';
import { saveFormats } from './text-options';

const formatsByEnding: Readonly<Record<string, TextSaveFormat>> = {
  '.json': 'tokenizer.json',
  '.tiktoken': 'tiktoken',
  '.model': 'sentencepiece',
  '.bin': 'binary',
};

/** What to write: `--as`, or what the name ends with. @throws {UsageError} Neither says it. */
export function saveFormat(context: CommandContext, path: string): TextSaveFormat {
  const format = choiceOption(context, 'as', saveFormats) ?? formatsByEnding[extname(path)];
  if (format !== undefined) return format;
  throw new UsageError(`${path}: expected a name that ends with ${Object.keys(formatsByEnding).join(', ')}, or --as.`);
}

/** The file, or undefined where the format cannot hold the vocabulary. */
export function savesAs(tokenizer: TextTokenizer, format: TextSaveFormat): Uint8Array | undefined {
  try {
    return tokenizer.save(format);
  } catch (error) {
    if (UnsupportedError.isInstance(error) && error.name === 'UnsupportedError') return undefined;
    throw error;
  }
}
