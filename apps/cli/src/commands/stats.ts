import { type Command, commonOptions } from '../command';
import { scanOrders } from '../stats/scan-orders';

export const statsCommand: Command = {
  name: 'stats',
  summary: 'How token files use their codebooks: usage, entropy, Zipf, Heaps, compressibility',
  operands: '<token files, globs or ->',
  options: {
    order: {
      type: 'string',
      valueHint: scanOrders.join('|'),
      description: 'How grids are read where order counts (default: row)',
    },
    svg: { type: 'string', valueHint: 'folder', description: 'Also write plots of ranks and usage as SVG' },
    ...commonOptions,
  },
  examples: [
    'tesserae stats photo.tok',
    'tesserae stats "tokens/*.tok" --svg plots/',
    'tesserae stats "tokens/*.tok" --json',
  ],
  run: async (context) => (await import('../stats/stats')).stats(context),
};
