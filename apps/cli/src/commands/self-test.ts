import { type Command, defaultModel } from '../command';

/** One engine, in the process that {@link checkEngine} starts for it. */
export const selfTestCommand: Command = {
  name: 'self-test',
  summary: 'Parts of tesserae doctor that need a process of their own',
  operands: '',
  options: {
    engine: { type: 'string', description: 'Name of the engine' },
    store: {
      type: 'string',
      valueHint: 'file',
      description: `Write what ${defaultModel} answers, for doctor --model: after its weights have changed`,
    },
  },
  examples: ['tesserae self-test --store packages/image/starter/image-starter.check.json'],
  run: async (context) => (await import('../self-test/self-test')).selfTest(context),
};
