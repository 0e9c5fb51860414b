import { describe, expect, it, vi } from 'vitest';
import { exampleIn } from './checks/readme-example.mjs';
import { asCommonJs } from './checks/tarballs.mjs';
import { allOf, runGates } from './gates.mjs';

function gatesWith(...results) {
  const ran = [];
  const gates = results.map((result, index) => ({
    number: index + 1,
    name: `gate ${index + 1}`,
    run: async () => {
      ran.push(index + 1);
      if (result instanceof Error) throw result;
      return result;
    },
  }));
  return { gates, ran };
}

async function linesOf(gates, given = []) {
  const lines = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const code = await runGates(gates, given);
  log.mockRestore();
  write.mockRestore();
  return { code, last: lines.at(-1) };
}

describe('runGates', () => {
  it('sums what every gate counted', async () => {
    const { gates } = gatesWith({ passed: 3 }, { passed: 4, skipped: 2 }, {});
    expect(await linesOf(gates)).toEqual({ code: 0, last: '7 passed, 0 failed, 2 skipped' });
  });
  it('stops at the first failing gate; a throw is a failure', async () => {
    for (const failure of [{ passed: 2, failed: 1 }, new Error('broken')]) {
      const { gates, ran } = gatesWith({ passed: 1 }, failure, { passed: 1 });
      const { code, last } = await linesOf(gates);
      expect(code).toBe(1);
      expect(last).toMatch(/^[13] passed, 1 failed$/);
      expect(ran).toEqual([1, 2]);
    }
  });
  it('leaves out what was not chosen and refuses other words', async () => {
    const { gates, ran } = gatesWith({ passed: 1 }, { passed: 1 }, { passed: 1 });
    await linesOf(gates, ['--only', '1,3']);
    await linesOf(gates, ['--from', '2']);
    expect(ran).toEqual([1, 3, 2, 3]);
    await expect(linesOf(gates, ['--quick'])).rejects.toThrow(/--only/);
  });
});

describe('allOf', () => {
  it('counts as one and stops at a failure', async () => {
    const failing = async () => ({ failed: 1, output: 'no' });
    const never = vi.fn();
    expect(await allOf(async () => ({ passed: 5 }), failing, never)).toEqual({ failed: 1, output: 'no' });
    expect(never).not.toHaveBeenCalled();
    expect((await allOf(async () => ({ passed: 5 }))).passed).toBe(1);
  });
});

describe('README examples', () => {
  it('takes the first program and the output after it', () => {
    const text = '# A\n\n```text\nno\n```\n\n```js\na();\n```\n\nprints\n\n```text\n1\n```\n\n```js\nb();\n```\n';
    expect(exampleIn(text, 'A')).toEqual({ code: 'a();\n', output: '1\n' });
    expect(exampleIn('# A\n', 'A')).toBeUndefined();
    expect(() => exampleIn('```js\na();\n```\n', 'A')).toThrow(/A: .*output/);
  });
  it('becomes a CommonJS program', () => {
    const program = asCommonJs("import { a, b as c } from 'x';\nawait a();\n");
    expect(program).toContain("const { a, b: c } = require('x');");
    expect(() => new Function(program)).not.toThrow();
  });
});
