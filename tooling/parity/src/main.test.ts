import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tesserae-parity-command-'));
  for (const name of ['one', 'two', 'three']) await writeCase(`text/no-such-system/${name}`, {});
  await writeCase('text/no-such-system/large', { cost: { parameters: 1e9 } });
  await writeCase('elsewhere/no-such-system/lost', {});
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function writeCase(path: string, more: object): Promise<void> {
  const [, system, name] = path.split('/');
  await mkdir(join(root, path), { recursive: true });
  await writeFile(join(root, path, 'case.json'), JSON.stringify({ system, case: name, ...more }));
}

/** Runs the command as `npm run parity` does, from another folder than the one that the user stands in. */
function parity(...given: readonly string[]): Promise<{ code: number | null; lines: string[]; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...given], {
      cwd: fileURLToPath(new URL('../../../', import.meta.url)),
      env: { ...process.env, INIT_CWD: root, NODE_OPTIONS: '--conditions=@tesserae/source' },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, lines: output.trimEnd().split('\n'), errors }));
  });
}

const notImplemented = (...names: readonly string[]) =>
  names.map((name) => `not implemented  text/no-such-system/${name}`);

describe('the parity command', () => {
  it('lists systems without a runner and counts them nowhere; a relative folder counts from where the user stands', async () => {
    const { code, lines } = await parity('text');
    expect(lines).toEqual([...notImplemented('one', 'three', 'two'), '0 passed, 0 failed, 0 skipped']);
    expect(code).toBe(0);
  });

  it('runs cases in several processes, in the same order', async () => {
    const { lines } = await parity('text', '--jobs', '3', '--full');
    expect(lines).toEqual([...notImplemented('large', 'one', 'three', 'two'), '0 passed, 0 failed, 0 skipped']);
  });

  it('writes JSON', async () => {
    await parity('text', '--only', 'text/no-such-system/one', '--json', 'results.json');
    expect(JSON.parse(await readFile(join(root, 'results.json'), 'utf8'))).toMatchObject({
      engine: 'auto',
      totals: { passed: 0, failed: 0, skipped: 0, notImplemented: 1 },
      cases: [{ status: 'not implemented', id: 'text/no-such-system/one' }],
    });
  });

  it('fails a case of unknown modality, unless it is given', async () => {
    const { code, lines } = await parity('elsewhere');
    expect(lines[0]).toMatch(/^FAIL .*lost +InputError: .*--modality/);
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
    expect((await parity('elsewhere', '--modality', 'audio')).lines[0]).toBe(
      'not implemented  audio/no-such-system/lost',
    );
  });

  it.each([
    [['nowhere'], /no folder .*nowhere/],
    [['--engine', 'abacus'], /got abacus/],
    [['text', '--only', 'audio'], /no case below text is one of --only audio/],
  ])('refuses %j with exit code 2', async (given, message) => {
    const { code, lines, errors } = await parity(...given);
    expect(code).toBe(2);
    expect(errors).toMatch(message);
    expect(lines).toEqual(['0 passed, 0 failed, 0 skipped']);
  });
});
