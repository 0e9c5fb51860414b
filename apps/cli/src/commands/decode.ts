import { type Command, commonOptions, modelOptions } from '../command';
import { pictureFormats } from '../decode/picture-formats';

export const decodeCommand: Command = {
  name: 'decode',
  summary: 'Token files into pictures',
  operands: '<token files, globs or ->',
  options: {
    model: {
      type: 'string',
      valueHint: 'preset or ./path',
      description: 'Model (default: the one that the file names)',
    },
    ...modelOptions,
    out: {
      type: 'string',
      alias: 'o',
      valueHint: 'file or folder',
      description: 'Where to write; - is standard output (default: beside the token file)',
    },
    format: {
      type: 'string',
      valueHint: pictureFormats.join('|'),
      description: 'Picture format (default: by the ending of --out, else png)',
    },
    quality: { type: 'string', valueHint: '1..100', description: 'Quality of lossy formats' },
    prefix: { type: 'string', valueHint: 'n', description: 'Decode only the first n tokens' },
    'allow-mismatch': { type: 'boolean', description: 'Decode tokens that other weights made' },
    ...commonOptions,
  },
  examples: [
    'tesserae decode photo.tok',
    'tesserae decode "tokens/*.tok" --out pictures/ --format webp',
    'tesserae decode photo.tok --prefix 32 --out preview.png',
    'tesserae decode - < photo.tok > photo.png',
  ],
  run: async (context) => (await import('../decode/decode')).decode(context),
};
