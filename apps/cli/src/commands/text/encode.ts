import { type Command, commonOptions } from '../../command';
import { idFormats, specialOptions, textInputOptions, vocabularyOptions } from '../../text/text-options';

export const textEncodeCommand: Command = {
  name: 'text encode',
  summary: 'Texts into ids, a line for each text, or into files of ids',
  operands: '<texts, folders, globs or ->',
  options: {
    ...vocabularyOptions,
    ...textInputOptions,
    out: {
      type: 'string',
      alias: 'o',
      valueHint: 'file or folder',
      description: 'Where to write (default: standard output)',
    },
    as: {
      type: 'string',
      valueHint: idFormats.join('|'),
      description: 'Decimal numbers, token files, or bare little-endian integers (default: ids)',
    },
    ...specialOptions,
    ...commonOptions,
  },
  examples: [
    'tesserae text encode --text "Hello, world!"',
    'tesserae text encode notes.txt --vocabulary cl100k_base',
    'tesserae text encode corpus/ --vocabulary ./tokenizer.json --as uint16 --out ids/',
    'cat notes.txt | tesserae text encode - > notes.ids',
  ],
  printsResult: true,
  run: async (context) => (await import('../../text/encode')).textEncode(context),
};
