import { type Command, commonOptions, defaultModel, modelOptions } from '../command';

export const encodeCommand: Command = {
  name: 'encode',
  summary: 'Pictures into token files',
  operands: '<pictures, globs or ->',
  options: {
    model: { type: 'string', valueHint: 'preset or ./path', description: `Model (default: ${defaultModel})` },
    ...modelOptions,
    out: {
      type: 'string',
      alias: 'o',
      valueHint: 'file or folder',
      description: 'Where to write; - is standard output (default: beside the picture)',
    },
    pipeline: {
      type: 'string',
      valueHint: 'name',
      description: "Preprocessing, such as pil-bicubic-256 (default: the preset's)",
    },
    fit: {
      type: 'string',
      valueHint: 'crop|pad|squash|tiles',
      description: 'What happens to a picture of another shape (default: crop)',
    },
    tile: {
      type: 'string',
      valueHint: 'pixels',
      description: 'Side of the squares of --fit tiles (default: what the model takes)',
    },
    overlap: { type: 'string', valueHint: 'pixels', description: 'What neighboring tiles share (default: 0)' },
    orient: {
      type: 'string',
      valueHint: 'none|exif',
      description: "exif rotates as the file says (default: none, as the papers' loaders)",
    },
    prefix: { type: 'string', valueHint: 'n', description: 'Keep only the first n tokens' },
    entropy: { type: 'string', valueHint: 'none|rans', description: 'Entropy coding of the file (default: none)' },
    'many-in-one': { type: 'boolean', description: 'One file for all pictures; needs --out' },
    ...commonOptions,
  },
  examples: [
    'tesserae encode photo.jpg',
    'tesserae encode "photos/*.png" --out tokens/',
    'tesserae encode photo.png --model titok-l32 --folder ./weights',
    'tesserae encode poster.png --fit tiles --tile 256 --overlap 16',
    'cat photo.png | tesserae encode - > photo.tok',
  ],
  run: async (context) => (await import('../encode/encode')).encode(context),
};
