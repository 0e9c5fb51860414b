// Runs a TypeScript source in a worker thread: the tests have no built one. Packages are resolved to their sources.
import { register as registerHooks } from 'node:module';
import { register } from 'tsx/esm/api';

registerHooks(
  `data:text/javascript,${encodeURIComponent(`
    export const resolve = (specifier, context, next) =>
      next(specifier, { ...context, conditions: ['@tesserae/source', ...context.conditions] });
  `)}`,
);
register();
await import(String(process.env.TESSERAE_TEST_WORKER));
