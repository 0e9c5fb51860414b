import { type Command, commonOptions, modelOptions } from '../command';
import { mediaFormats, modalities } from '../modality/modalities';

export const decodeCommand: Command = {
  name: 'decode',
  summary: 'Token files into pictures and sounds',
  operands: '<token files, folders, globs or ->',
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
      valueHint: mediaFormats.join('|'),
      description: 'Format (default: by the ending of --out, else png or wav)',
    },
    ...Object.assign({}, ...modalities.map(({ decodeOptions }) => decodeOptions)),
    prefix: { type: 'string', valueHint: 'n', description: 'Decode only the first n tokens, or levels of sound' },
    'allow-mismatch': { type: 'boolean', description: 'Decode tokens that other weights made' },
    ...commonOptions,
  },
  examples: [
    'tesserae decode photo.tok',
    'tesserae decode "tokens/*.tok" --out pictures/ --format webp',
    'tesserae decode photo.tok --prefix 32 --out preview.png',
    'tesserae decode speech.tok --out speech.flac --rate source',
    'tesserae decode - < photo.tok > photo.png',
    'tesserae decode - --format raw < live.tok | aplay -f S16_LE -r 24000',
  ],
  run: async (context) => (await import('../decode/decode')).decode(context),
};
