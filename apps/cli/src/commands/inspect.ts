import { type Command, commonOptions } from '../command';

export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'What a token file, a checkpoint or a picture holds',
  operands: '<file or folder>',
  options: { ...commonOptions },
  examples: [
    'tesserae inspect photo.tok',
    'tesserae inspect model.safetensors   # which preset it fits, and what is missing',
    'tesserae inspect photo.jpg --json',
  ],
  run: async (context) => (await import('../inspect/inspect')).inspect(context),
};
