import { type Command, commonOptions, modelOptions } from '../command';

export const compareCommand: Command = {
  name: 'compare',
  summary: 'How far two pictures or sounds are apart, or one and its tokens; bytes',
  operands: '<file> <file or token file>',
  options: {
    model: {
      type: 'string',
      valueHint: 'preset or ./path',
      description: 'Model of the tokens (default: the one that the file names)',
    },
    ...modelOptions,
    ...commonOptions,
  },
  examples: [
    'tesserae compare photo.png photo.tok',
    'tesserae compare photo.png photo.jpg --json',
    'tesserae compare speech.flac speech.tok',
  ],
  run: async (context) => (await import('../compare/compare')).compare(context),
};
