import { type Command, commonOptions } from '../command';
import { faultNames } from '../convert/fault-names';

export const convertCommand: Command = {
  name: 'convert',
  summary: 'Any checkpoint into one safetensors file, without running anything in it',
  operands: '<file or folder> <out.safetensors>',
  options: {
    half: {
      type: 'boolean',
      description: 'Store float32 and float64 in 16 bits; integers and halves stay as they are',
    },
    'half-type': {
      type: 'string',
      valueHint: 'float16|bfloat16',
      description: 'float16: 11 bits of precision, up to 65504; bfloat16: 8 bits, range of float32 (default: float16)',
    },
    all: {
      type: 'boolean',
      description: 'Everything under its name in the file, optimizer states and other copies too',
    },
    'skip-unreadable': { type: 'boolean', description: 'Leave out complex, quantized and 8-bit tensors' },
    tolerate: {
      type: 'string',
      valueHint: faultNames.join(','),
      description: 'Faults of the file to overlook (default: none)',
    },
    ...commonOptions,
  },
  examples: [
    'tesserae convert model.ckpt model.safetensors',
    'tesserae convert pytorch_model.bin model.safetensors --half',
    'tesserae convert model.safetensors.index.json model.safetensors --half --half-type bfloat16',
    'tesserae convert old.pth everything.safetensors --all --json',
  ],
  run: async (context) => (await import('../convert/convert')).convert(context),
};
