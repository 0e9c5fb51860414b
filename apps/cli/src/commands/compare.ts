import { type Command, commonOptions, modelOptions } from '../command';

export const compareCommand: Command = {
  name: 'compare',
  summary: 'PSNR, SSIM and bytes of two pictures, or of a picture and its tokens',
  operands: '<picture> <picture or token file>',
  options: {
    model: {
      type: 'string',
      valueHint: 'preset or ./path',
      description: 'Model of the tokens (default: the one that the file names)',
    },
    ...modelOptions,
    ...commonOptions,
  },
  examples: ['tesserae compare photo.png photo.tok', 'tesserae compare photo.png photo.jpg --json'],
  run: async (context) => (await import('../compare/compare')).compare(context),
};
