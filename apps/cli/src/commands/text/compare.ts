import { type Command, commonOptions } from '../../command';
import { colorOptions, operandVocabularyOptions, textInputOptions, viewOptions } from '../../text/text-options';

export const textCompareCommand: Command = {
  name: 'text compare',
  summary: 'Two vocabularies side by side: tokens in all, per character, word and byte of texts',
  operands: '<vocabulary> <vocabulary> <texts, folders, globs or ->',
  options: {
    ...textInputOptions,
    tokens: { type: 'boolean', description: 'Also show the tokens of each' },
    ...viewOptions,
    ...colorOptions,
    ...operandVocabularyOptions,
    ...commonOptions,
  },
  examples: [
    'tesserae text compare cl100k_base o200k_base english.txt thai.txt',
    'tesserae text compare o200k_base ./tokenizer.json --text "Grüße aus Zürich" --tokens',
    'tesserae text compare gpt2 ./spiece.model "texts/*.txt" --html compare.html',
  ],
  run: async (context) => (await import('../../text/compare')).textCompare(context),
};
