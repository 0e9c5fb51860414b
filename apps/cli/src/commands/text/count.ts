import { type Command, commonOptions } from '../../command';
import { textInputOptions, vocabularyOptions } from '../../text/text-options';

export const textCountCommand: Command = {
  name: 'text count',
  summary: 'How many tokens texts have; special tokens count as ordinary text',
  operands: '<texts, folders, globs or ->',
  options: {
    ...vocabularyOptions,
    ...textInputOptions,
    limit: { type: 'string', valueHint: 'n', description: 'Exit code 1 where a text has more tokens' },
    ...commonOptions,
  },
  examples: [
    'tesserae text count "docs/**/*.md"',
    'tesserae text count prompt.txt --vocabulary cl100k_base --limit 8192',
    'cat prompt.txt | tesserae text count - --json',
  ],
  run: async (context) => (await import('../../text/count')).textCount(context),
};
