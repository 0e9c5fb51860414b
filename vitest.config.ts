import { defineConfig } from 'vitest/config';

/** All suites in one process and one report; `pnpm --filter <package> test` runs one package. */
export default defineConfig({
  test: {
    projects: [
      'packages/*',
      'apps/cli',
      'apps/prompt-budget',
      'apps/voice-memo',
      'tooling/bench',
      'tooling/conventions',
      'tooling/data',
      'tooling/engines',
      'tooling/fuzz',
      'tooling/parity',
      'tooling/run',
      'tooling/vocabularies',
    ],
  },
});
