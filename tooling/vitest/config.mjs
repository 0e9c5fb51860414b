import { defineConfig } from 'vitest/config';

/** What every package's vitest.config.ts gives: packages see each other's sources, tfjs is loaded once per worker. */
export default defineConfig({
  ssr: {
    resolve: {
      conditions: ['@tesserae/source', 'module', 'node', 'development|production'],
      externalConditions: ['@tesserae/source', 'node'],
    },
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
    // No test asks a hub on the internet; those of the hub client have a server of their own.
    env: { HF_HUB_OFFLINE: '1' },
  },
});
