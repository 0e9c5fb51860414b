import { type Command, commonOptions } from '../../command';
import { idFormats, vocabularyOptions } from '../../text/text-options';

export const textDecodeCommand: Command = {
  name: 'text decode',
  summary: 'Ids, or token files, into text',
  operands: '<files of ids, folders, globs or ->',
  options: {
    ...vocabularyOptions,
    ids: { type: 'string', valueHint: '"1 2 3"', description: 'These ids instead of files' },
    as: {
      type: 'string',
      valueHint: idFormats.join('|'),
      description: 'What the files hold (default: tok for .tok, else ids in decimal)',
    },
    out: {
      type: 'string',
      alias: 'o',
      valueHint: 'file or folder',
      description: 'Where to write (default: standard output)',
    },
    'skip-specials': { type: 'boolean', description: 'Leave out special tokens' },
    'skip-unknown': { type: 'boolean', description: 'Leave out ids that the vocabulary does not have' },
    strict: { type: 'boolean', description: 'An error where bytes are no UTF-8 (default: U+FFFD)' },
    ...commonOptions,
  },
  examples: [
    'tesserae text decode --ids "13225 11 2375 0"',
    'tesserae text decode notes.ids --vocabulary cl100k_base --out notes.txt',
    'tesserae text decode notes.tok   # the file names the vocabulary',
    'cat notes.ids | tesserae text decode -',
  ],
  printsResult: true,
  run: async (context) => (await import('../../text/decode')).textDecode(context),
};
