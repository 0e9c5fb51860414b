import { type Command, commonOptions } from '../command';

export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'What a token file, a checkpoint, a picture or a sound holds',
  operands: '<file or folder>',
  options: {
    picture: { type: 'string', valueHint: 'file.png', description: 'Also draw the waveform of a sound, or its tokens' },
    ...commonOptions,
  },
  examples: [
    'tesserae inspect photo.tok',
    'tesserae inspect model.safetensors   # which preset it fits, and what is missing',
    'tesserae inspect photo.jpg --json',
    'tesserae inspect speech.flac --picture waveform.png',
  ],
  run: async (context) => (await import('../inspect/inspect')).inspect(context),
};
