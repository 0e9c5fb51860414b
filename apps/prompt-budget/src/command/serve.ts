import { fileURLToPath } from 'node:url';
import { serveCommand as servePage } from '@tesserae/cli/shared';

export const serveCommand = servePage({
  program: 'prompt-budget',
  folder: fileURLToPath(new URL('../../dist/page', import.meta.url)),
  port: 4180,
});
