import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capturedOutput } from '@tesserae/cli/captured-output';
import { textTokenizers, type TextTokenizer } from '@tesserae/text';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../src/run';

const before = process.cwd();
let folder = '';
let tokenizer: TextTokenizer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompt-budget-'));
  process.chdir(folder);
  await mkdir('docs');
  await writeFile('docs/a.md', 'Alpha. '.repeat(100));
  await writeFile('docs/b.md', 'Beta.\n');
  await writeFile('notes.txt', Array.from({ length: 300 }, (_, line) => `line ${line}`).join('\n'));
  await writeFile('picture.png', Uint8Array.of(0x89, 0x50, 0xff));
  tokenizer = await textTokenizers.fromPretrained('o200k_base');
});

afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

/** The command in this process. */
async function command(...given: readonly string[]) {
  const { code, stdout, stderr } = await capturedOutput(() => run(given, new AbortController().signal));
  return { code, stdout: stdout.toString(), stderr };
}

describe('prompt-budget', () => {
  it('prints a prompt within the budget, and the table beside it', async () => {
    const { code, stdout, stderr } = await command('--budget', '200', 'docs/*.md', 'notes.txt', '--share', 'even');
    expect(code).toBe(0);
    // A token more of a document may be two more of the prompt: line ends merge with what follows.
    expect([198, 199, 200]).toContain(tokenizer.count(stdout));
    expect(stdout).toMatch(/^## docs\/a.md\n\nAlpha\. .*\[…\]\n\n## docs\/b.md\n\nBeta\.\n\n## notes.txt\n\nline 0\n/s);
    expect(stderr).toMatch(/in prompt +tokens +kept +state +document\n/);
    expect(stderr).toMatch(/ +\d+ +\d+ +100 % +whole +docs\/b.md\n/);
    expect(stderr).toMatch(/(?:198|199|200) of 200 tokens of o200k_base, [0-2] free\n$/);
  });

  it('writes a file and keeps to pins, priorities, cuts and reserves', async () => {
    const given = [
      '-b',
      '150',
      '--reserve',
      '50',
      '--pin',
      'docs/b.md',
      '--priority',
      'notes.txt=1',
      '--cut',
      'middle',
    ];
    const { code, stdout, stderr } = await command(
      ...given,
      'docs',
      'notes.txt',
      '-o',
      'made/prompt.txt',
      '-m',
      'gpt2',
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/whole +docs\/b.md +pinned\n/);
    expect(stdout).toMatch(/cut +notes.txt +priority 1\n/);
    expect(stdout).toMatch(/ +0 +\d+ +0 % +left out +docs\/a.md\n/);
    const prompt = await readFile('made/prompt.txt', 'utf8');
    expect((await textTokenizers.fromPretrained('gpt2')).count(prompt)).toBe(100);
    expect(prompt).toMatch(/line 0\n.*\[…\].*line 299$/s);
  });

  it('gives one JSON document', async () => {
    const { code, stdout, stderr } = await command('-b', '90', 'docs', '--json', '--layout', 'tags', '--after', 'And?');
    expect([code, stderr]).toEqual([0, '']);
    const { prompt, ...report } = JSON.parse(stdout) as { prompt: string; tokens: number };
    expect(report.tokens).toBe(tokenizer.count(prompt));
    expect([88, 89, 90]).toContain(report.tokens);
    expect(report).toMatchObject({ vocabulary: { variant: 'o200k_base' }, budget: 90, fits: true });
    expect(report).toMatchObject({ documents: [{ name: 'docs/a.md', state: 'cut' }, { state: expect.any(String) }] });
    expect(prompt).toMatch(/^<document name="docs\/a.md">.*And\?$/s);
    expect((await command('-b', '90', 'docs', '--quiet')).stderr).toBe('');
  });

  it('says what does not fit, and writes nothing then', async () => {
    const { code, stdout, stderr } = await command('-b', '50', 'docs', '--pin', 'docs/a.md', '--out', 'never.txt');
    expect(code).toBe(1);
    expect(stdout).toMatch(/whole +docs\/a.md/);
    expect(stderr).toMatch(/error: what has to be in the prompt takes \d+ tokens, \d+ more than the 50\.\n$/);
    expect(await readdir('.')).not.toContain('never.txt');
    expect((await command('-b', '50', 'docs', '--pin', 'docs/a.md')).stdout).toBe('');
  });

  it('names what is wrong with a command line or a file', async () => {
    for (const [message, code, ...given] of [
      ['expected --budget', 2, 'docs'],
      ['expected documents, got nothing', 2, '-b', '5'],
      ['--pin: notes.txt is none of the documents', 2, '-b', '5', 'docs', '--pin', 'notes.txt'],
      ['--priority: expected a pattern, = and a whole number, got docs', 2, '-b', '5', 'docs', '--priority', 'docs'],
      ['--reserve: expected at most the budget of 5, got 6', 2, '-b', '5', '--reserve', '6', 'docs'],
      ['--cut: expected tail, head, middle, never, got odd', 2, '-b', '5', 'docs', '--cut', 'odd'],
      ['picture.png: expected bytes of UTF-8', 1, '-b', '5', 'picture.png'],
      ['no file matches', 2, '-b', '5', '*.absent'],
      ['expected no operands', 2, 'serve', 'docs'],
      ['--port: expected at most 65535', 2, 'serve', '--port', '70000'],
    ] as const) {
      const found = await command(...given);
      expect(found).toMatchObject({ code, stderr: expect.stringContaining(message) });
    }
    const help = await command('--help');
    expect(help.stdout).toMatch(/Usage: prompt-budget --budget <n> .*Examples:\n {2}prompt-budget /s);
    expect(await command()).toMatchObject({ code: 2, stdout: help.stdout });
    expect((await command('serve', '--help')).stdout).toContain('Usage: prompt-budget serve [options]');
  });

  it('reads standard input as a process of its own', async () => {
    const bin = fileURLToPath(new URL('../bin.mjs', import.meta.url));
    const child = spawn(process.execPath, [bin, '-b', '40', '--layout', 'plain', '--cut', 'head', '-', '--quiet']);
    child.stdin.end('word '.repeat(500));
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(child, 'close')) as [number];
    const prompt = Buffer.concat(chunks).toString();
    expect([code, tokenizer.count(prompt)]).toEqual([0, 40]);
    expect(prompt.startsWith('\n[…]\n')).toBe(true);
  });
});
