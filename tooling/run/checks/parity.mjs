import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourceEnvironment } from '../paths.mjs';
import { capture } from '../processes.mjs';

const totals = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m;

async function parity(given) {
  const { code, stdout, output } = await capture(
    process.execPath,
    ['--import', 'tsx', 'tooling/parity/src/main.ts', ...given, '--engine', 'onnx', '--jobs', '2'],
    { environment: sourceEnvironment({ INIT_CWD: root }) },
  );
  const found = totals.exec(stdout);
  if (found === null) return { failed: 1, output };
  const [passed, failed, skipped] = found.slice(1).map(Number);
  const result = { passed, skipped, failed: code === 0 ? failed : Math.max(1, failed), detail: `${passed} cases` };
  const linesOf = (state) =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith(state))
      .join('\n');
  // A skipped case says what it needs.
  return { ...result, output: code === 0 ? linesOf('skip') : linesOf('FAIL') || output };
}

/** Every model function is traceable: the committed cases on the compiled engine. */
export const checkCommittedCases = () => parity([]);

/** The full set beside the checkout, where there is one. */
export async function checkFullCases() {
  const folder = join(root, '..', 'shared', 'fixtures');
  if (!existsSync(folder)) return { detail: 'no ../shared/fixtures here' };
  return parity([folder]);
}
