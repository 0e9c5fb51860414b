import type { TextTokenizer } from '@tesserae/text';
import type { ArgsDef } from 'citty';
import { textOption, type CommandContext } from '../command';
import { openVocabulary } from './open-vocabulary';

const defaultVocabulary = 'o200k_base';

const encodingOption: ArgsDef = {
  encoding: {
    type: 'string',
    valueHint: 'name',
    description: 'What a .tiktoken file is for, such as cl100k_base (default: what it is called)',
  },
};

/** Options of the commands that take one vocabulary. */
export const vocabularyOptions: ArgsDef = {
  vocabulary: {
    type: 'string',
    alias: 'm',
    valueHint: 'name or path',
    description: `Name, .tiktoken, tokenizer.json, .model, .bin, vocab.txt or a folder (default: ${defaultVocabulary})`,
  },
  ...encodingOption,
};

/** Options of the commands that name vocabularies as operands. */
export const operandVocabularyOptions: ArgsDef = encodingOption;

/** Opens the vocabulary that is asked for. @throws {InputError | ConfigError} As `openVocabulary`. */
export function chosenVocabulary(context: CommandContext): Promise<TextTokenizer> {
  return vocabularyByName(context, textOption(context, 'vocabulary') ?? defaultVocabulary);
}

/** Opens a vocabulary with the `--encoding` of the command line. @throws {InputError | ConfigError} As `openVocabulary`. */
export function vocabularyByName(context: CommandContext, source: string): Promise<TextTokenizer> {
  return openVocabulary(source, { encoding: textOption(context, 'encoding'), signal: context.signal });
}
