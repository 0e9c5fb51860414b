import { FailedError, interrupted } from './processes.mjs';

/**
 * Runs gates in order and stops at the first that fails: one line each, then the sum of everything that was counted.
 *
 * @param gates - `{ number, name, run }`; `run` resolves to `{ passed?, failed?, skipped?, detail?, output? }`.
 * @param given - `--only 2,4` and `--from 7` leave gates out.
 * @returns Exit code.
 */
export async function runGates(gates, given) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const gate of chosen(gates, given)) {
    const begin = performance.now();
    const result = await resultOf(gate);
    if (interrupted()) return 130;
    const { passed = 0, failed = 0, skipped = 0, detail = '', output = '' } = result;
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
    if (output !== '') process.stdout.write(output.endsWith('\n') ? output : `${output}\n`);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    const state = failed > 0 ? 'FAIL' : passed > 0 ? 'ok  ' : 'skip';
    console.log(
      `${state}  ${String(gate.number).padStart(2)} ${gate.name.padEnd(34)} ${seconds.padStart(6)} s  ${detail}`,
    );
    if (failed > 0) break;
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
  return sum.failed > 0 ? 1 : 0;
}

/** A gate always counts as at least one; what it throws is its failure. */
async function resultOf(gate) {
  try {
    return await gate.run();
  } catch (error) {
    return { failed: 1, output: error instanceof FailedError ? error.message : String(error.stack) };
  }
}

function chosen(gates, given) {
  let left = gates;
  for (let at = 0; at < given.length; at += 2) {
    const [option, value = ''] = [given[at], given[at + 1]];
    const numbers = value.split(',').map(Number);
    if (numbers.some(Number.isNaN) || value === '' || (option !== '--only' && option !== '--from')) {
      throw new FailedError(`Expected "--only <numbers>" or "--from <number>", got "${given.join(' ')}"`, 2);
    }
    left = left.filter(({ number }) => (option === '--only' ? numbers.includes(number) : number >= numbers[0]));
  }
  return left;
}

/** Result of a check that is one command. */
export function asOne({ code, output }, detail = '') {
  return code === 0 ? { passed: 1, detail } : { failed: 1, output };
}

/** Several checks of one gate, in order; the first failure ends it and the whole gate counts as one. */
export async function allOf(...checks) {
  const details = [];
  for (const check of checks) {
    const result = await check();
    if ((result.failed ?? 0) > 0) return result;
    if (result.detail) details.push(result.detail);
  }
  return { passed: 1, detail: details.join(', ') };
}
