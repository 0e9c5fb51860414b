import { asOne } from '../gates.mjs';
import { sourceEnvironment } from '../paths.mjs';
import { capture } from '../processes.mjs';

export const checkConventions = async () =>
  asOne(
    await capture(process.execPath, ['--import', 'tsx', 'tooling/conventions/src/main.ts'], {
      environment: sourceEnvironment(),
    }),
  );

export const checkFormat = async () => asOne(await capture('oxfmt', ['--check', '.']));

export const checkLint = async () => asOne(await capture('oxlint', ['--deny-warnings', '.']));
