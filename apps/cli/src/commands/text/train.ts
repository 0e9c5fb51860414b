import { type Command, commonOptions } from '../../command';
import { saveFormats } from '../../text/text-options';
import { trainingOptions } from '../../text/training-options';

export const textTrainCommand: Command = {
  name: 'text train',
  summary: 'A vocabulary from texts: BPE, Unigram, WordPiece, word level, SuperBPE, BoundlessBPE or PickyBPE',
  operands: '<texts, folders, globs or ->',
  options: {
    ...trainingOptions,
    out: { type: 'string', alias: 'o', valueHint: 'file', description: 'Where to write the vocabulary' },
    as: {
      type: 'string',
      valueHint: saveFormats.filter((format) => format !== 'sentencepiece').join('|'),
      description: 'What to write (default: what the name ends with; BoundlessBPE and PickyBPE have one form)',
    },
    threads: { type: 'string', valueHint: 'n', description: 'Threads that count words (default: one a processor)' },
    memory: {
      type: 'string',
      valueHint: 'size',
      description: 'Counts that take more go to temporary files, such as 512MB (default: 2GB)',
    },
    ...commonOptions,
  },
  examples: [
    'tesserae text train corpus/ --vocabulary-size 32000 --out tokenizer.json',
    'tesserae text train "texts/**/*.txt" --algorithm unigram -n 8000 --special-tokens "<pad>,</s>,<unk>" -o unigram.json',
    'tesserae text train corpus/ --algorithm boundlessbpe -n 16000 --out tokenizer.model',
    'zcat corpus.gz | tesserae text train - --memory 512MB --out ranks.tiktoken',
  ],
  run: async (context) => (await import('../../text/train')).textTrain(context),
};
