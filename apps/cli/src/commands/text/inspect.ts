import { type Command, commonOptions } from '../../command';
import {
  colorOptions,
  specialOptions,
  textInputOptions,
  viewOptions,
  vocabularyOptions,
} from '../../text/text-options';

export const textInspectCommand: Command = {
  name: 'text inspect',
  summary: 'The tokens of texts, colored; without a text what a vocabulary is',
  operands: '[texts, folders, globs or -]',
  options: {
    ...vocabularyOptions,
    ...textInputOptions,
    table: { type: 'boolean', description: 'A line for each token: its place, id, spelling and text' },
    ...viewOptions,
    ...colorOptions,
    ...specialOptions,
    ...commonOptions,
  },
  examples: [
    'tesserae text inspect --text "Hello, world!"',
    'tesserae text inspect notes.txt --vocabulary cl100k_base --html tokens.html',
    'tesserae text inspect notes.txt --svg tokens.svg',
    'tesserae text inspect --vocabulary ./tokenizer.json --text "Grüße" --table',
    'tesserae text inspect --vocabulary ./spiece.model   # what the file is',
  ],
  run: async (context) => (await import('../../text/inspect')).textInspect(context),
};
