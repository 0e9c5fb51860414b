import { type Command, commonOptions } from '../command';

export const cacheCommand: Command = {
  name: 'cache',
  summary: 'What is downloaded: list it, check it, remove it',
  operands: '<ls|verify|rm> [preset or owner/name…]',
  options: {
    cache: { type: 'string', valueHint: 'path', description: 'Cache folder (default: that of Hugging Face)' },
    incomplete: { type: 'boolean', description: 'rm: only what downloads have left unfinished' },
    all: { type: 'boolean', description: 'rm: everything that cache ls lists' },
    'dry-run': { type: 'boolean', description: 'rm: say what would go, and keep it' },
    ...commonOptions,
  },
  examples: [
    'tesserae cache ls',
    'tesserae cache verify titok-l32   # reads every byte',
    'tesserae cache rm owner/name@v1.0   # what another revision has stays',
    'tesserae cache rm --incomplete --dry-run',
  ],
  run: async (context) => (await import('../cache/cache')).cache(context),
};
