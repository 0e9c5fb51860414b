import { type Command, commonOptions, downloadOptions } from '../command';

export const pullCommand: Command = {
  name: 'pull',
  summary: 'Download weights into the cache that Python shares, checked and pinned',
  operands: '<preset or owner/name[@revision][/file]…>',
  options: {
    ...downloadOptions,
    cache: { type: 'string', valueHint: 'path', description: 'Cache folder (default: that of Hugging Face)' },
    connections: { type: 'string', valueHint: 'n', description: 'Connections for one large file (default: 4)' },
    ...commonOptions,
  },
  examples: [
    'tesserae pull titok-l32',
    'tesserae pull owner/name@v1.0/model.safetensors',
    'HF_ENDPOINT=https://mirror.example tesserae pull titok-l32 one-d-piece-s256 --accept-license',
  ],
  run: async (context) => (await import('../pull/pull')).pullAll(context),
};
