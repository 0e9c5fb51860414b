import { type Command, commonOptions, modelOptions } from '../command';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'What runs here, what is missing and how to mend it; a self test',
  operands: '[published pictures]',
  options: {
    model: {
      type: 'string',
      valueHint: 'preset',
      description:
        'Also check a preset: image-starter against its stored answer, others with the pictures of their authors',
    },
    ...modelOptions,
    ...commonOptions,
  },
  examples: [
    'tesserae doctor',
    'tesserae doctor --model image-starter',
    'tesserae doctor --model titok-l32 --folder ./weights ILSVRC2012_val_00010240.png',
    'tesserae doctor --json',
  ],
  run: async (context) => (await import('../self-test/doctor')).doctor(context),
};
