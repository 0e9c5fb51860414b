import { existsSync, readFileSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { root, taskEnvironment, toolsFolder } from '../paths.mjs';
import { capture } from '../processes.mjs';

/** All vitest suites in one process; failures are listed with their messages, what was skipped by title. */
export async function runUnitTests() {
  mkdirSync(toolsFolder, { recursive: true });
  const file = join(toolsFolder, `vitest-${process.pid}.json`);
  // vitest leaves one core to itself: with two cores, as CI has, files would run one after the other.
  const given = ['run', '--reporter=json', `--outputFile=${file}`, `--maxWorkers=${availableParallelism()}`];
  // Package tests must not depend on the machine's engine settings.
  const { code, output } = await capture('vitest', given, { environment: taskEnvironment({ TESSERAE_ENGINE: '' }) });
  if (!existsSync(file)) return { failed: 1, output };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const counts = { passed: report.numPassedTests, skipped: report.numPendingTests + report.numTodoTests };
  const failures = report.testResults.flatMap(failuresOf);
  const detail = `${counts.passed} tests in ${report.testResults.length} files`;
  if (code === 0 && report.numFailedTests === 0 && failures.length === 0) {
    return { ...counts, failed: 0, output: report.testResults.flatMap(skippedOf).join('\n'), detail };
  }
  // An error outside every test (a file that does not load, an unhandled rejection) still counts as one.
  const text = failures.length > 0 ? `${failures.join('\n')}\n` : output;
  return { ...counts, failed: Math.max(report.numFailedTests, failures.length, 1), output: text, detail };
}

/** Titles say what is missing, or what a test left in `meta.skipped`. */
function skippedOf({ name, assertionResults }) {
  const skipped = assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed');
  return skipped.map(({ fullName, meta }) => {
    const reason = meta?.skipped === undefined ? '' : ` (${meta.skipped})`;
    return `skip  ${relative(root, name)}: ${fullName}${reason}`;
  });
}

function failuresOf({ name, status: whole, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) {
    // A hook that fails leaves no message here.
    return whole === 'failed' ? [`${file}: ${message || `fails outside its tests: vitest run ${file}`}`] : [];
  }
  return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n  ${failureMessages.join('\n  ')}`);
}
