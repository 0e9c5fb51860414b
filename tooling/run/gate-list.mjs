import { installPackages } from './bootstrap.mjs';
import { checkBrowserEntries } from './checks/browser-entries.mjs';
import { checkBuild } from './checks/build.mjs';
import { checkNotices } from './checks/notices.mjs';
import { checkCommittedCases, checkFullCases } from './checks/parity.mjs';
import { checkExports, checkSizes, checkUnused } from './checks/published.mjs';
import { checkConventions, checkFormat, checkLint } from './checks/sources.mjs';
import { checkCommandLine, checkReadmes } from './checks/tarballs.mjs';
import { checkTypes } from './checks/types.mjs';
import { runUnitTests } from './checks/unit-tests.mjs';
import { allOf } from './gates.mjs';

const install = async () => {
  await installPackages('checking installed packages');
  return { passed: 1 };
};
const sources = () => allOf(checkConventions, checkNotices, checkFormat, checkLint);

/** Gates of `npm test`, in order. */
export const testGates = [
  { number: 1, name: 'install, frozen lockfile', run: install },
  { number: 2, name: 'conventions, format, lint', run: sources },
  { number: 3, name: 'types', run: checkTypes },
  { number: 4, name: 'unit tests, parity on cpu and wasm', run: runUnitTests },
  { number: 5, name: 'committed cases on onnx', run: checkCommittedCases },
  { number: 6, name: 'all cases on onnx', run: checkFullCases },
  { number: 7, name: 'build', run: checkBuild },
  {
    number: 8,
    name: 'exports, unused, sizes, browser',
    run: () => allOf(checkExports, checkUnused, checkSizes, checkBrowserEntries),
  },
  { number: 9, name: 'README examples from tarballs', run: checkReadmes },
  { number: 10, name: 'command line from tarballs', run: checkCommandLine },
];

/** Gates of `npm run check`: seconds, for the time of writing. */
export const checkGates = testGates.filter(({ number }) => number === 2 || number === 3);
