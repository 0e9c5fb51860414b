import { type Command, commonOptions } from '../command';

export const modelsCommand: Command = {
  name: 'models',
  summary: 'Every preset: size, tokens, file, license, whether it is here',
  operands: '',
  options: {
    model: { type: 'string', valueHint: 'text', description: 'Only presets whose name contains this' },
    ...commonOptions,
  },
  examples: ['tesserae models', 'tesserae models --model titok', 'tesserae models --json'],
  run: async (context) => (await import('../models/models')).models(context),
};
