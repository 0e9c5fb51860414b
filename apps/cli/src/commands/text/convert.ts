import { type Command, commonOptions } from '../../command';
import { operandVocabularyOptions, saveFormats } from '../../text/text-options';

export const textConvertCommand: Command = {
  name: 'text convert',
  summary: 'A vocabulary into a file of another kind, where that can hold it',
  operands: '<vocabulary> <out.json, out.tiktoken, out.model or out.bin>',
  options: {
    as: {
      type: 'string',
      valueHint: saveFormats.join('|'),
      description: 'What to write (default: what the name ends with)',
    },
    ...operandVocabularyOptions,
    ...commonOptions,
  },
  examples: [
    'tesserae text convert cl100k_base cl100k_base.tiktoken',
    'tesserae text convert ./gpt2/vocab.json tokenizer.json   # merges.txt lies beside it',
    'tesserae text convert ./bert/vocab.txt tokenizer.json',
    'tesserae text convert tokenizer.json tokenizer.bin   # the compact form, which loads fastest',
  ],
  run: async (context) => (await import('../../text/convert')).textConvert(context),
};
