import type { TextTokenizer } from '@tesserae/text';
import { type CommandContext, textOption } from '../command';
import { openVocabulary } from './open-vocabulary';
import { defaultVocabulary } from './text-options';

/** Opens the vocabulary that is asked for. @throws {InputError | ConfigError} As `openVocabulary`. */
export function chosenVocabulary(context: CommandContext): Promise<TextTokenizer> {
  return vocabularyByName(context, textOption(context, 'vocabulary') ?? defaultVocabulary);
}

/** Opens a vocabulary with the `--encoding` of the command line. @throws {InputError | ConfigError} As `openVocabulary`. */
export function vocabularyByName(context: CommandContext, source: string): Promise<TextTokenizer> {
  return openVocabulary(source, { encoding: textOption(context, 'encoding'), signal: context.signal });
}
