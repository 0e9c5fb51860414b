import { type Command, commonOptions, modelOptions } from '../command';
import { modalities } from '../modality/modalities';

export const encodeCommand: Command = {
  name: 'encode',
  summary: 'Pictures and sounds into token files',
  operands: '<files, folders, globs or ->',
  options: {
    model: {
      type: 'string',
      valueHint: 'preset or ./path',
      description: `Model (default: ${modalities.map(({ starter }) => starter).join(', ')})`,
    },
    ...modelOptions,
    out: {
      type: 'string',
      alias: 'o',
      valueHint: 'file or folder',
      description: 'Where to write; - is standard output (default: beside the input)',
    },
    pipeline: {
      type: 'string',
      valueHint: 'name',
      description: "Preprocessing, such as pil-bicubic-256 (default: the preset's)",
    },
    ...Object.assign({}, ...modalities.map(({ encodeOptions }) => encodeOptions)),
    prefix: { type: 'string', valueHint: 'n', description: 'Keep only the first n tokens, or levels of sound' },
    entropy: { type: 'string', valueHint: 'none|rans', description: 'Entropy coding of the file (default: none)' },
    'many-in-one': { type: 'boolean', description: 'One file for all inputs; needs --out' },
    ...commonOptions,
  },
  examples: [
    'tesserae encode photo.jpg',
    'tesserae encode "photos/*.png" --out tokens/',
    'tesserae encode photo.png --model titok-l32 --folder ./weights',
    'tesserae encode speech.flac --model mimi',
    'tesserae encode recordings/ --model encodec-24khz --bandwidth 3 --out tokens/',
    'tesserae encode poster.png --fit tiles --tile 256 --overlap 16',
    'cat photo.png | tesserae encode - > photo.tok',
    'arecord -f S16_LE -r 24000 -t raw | tesserae encode - --raw int16 --rate 24000 --model mimi > live.tok',
  ],
  run: async (context) => (await import('../encode/encode')).encode(context),
};
