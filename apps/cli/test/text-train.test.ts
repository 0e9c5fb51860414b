import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandBox, finished } from './tesserae';

const box = commandBox();
const text = async (...given: readonly string[]) => (await box.run('text', ...given)).stdout.toString();
const train = (...given: readonly string[]) => text('train', ...given);
const fails = (code: number, message: string, ...given: readonly string[]) =>
  box.fails(code, message, 'text', 'train', ...given);

const sentence = 'The tokenizer reads the token and the tokens of Zürich, สวัสดี 123.';

beforeAll(async () => {
  await mkdir(box.path('corpus/inner'), { recursive: true });
  const lines = Array.from({ length: 300 }, (_, line) => `${sentence} Line ${line % 50} of the corpus.\n`);
  await writeFile(box.path('corpus/a.txt'), lines.slice(0, 200).join(''));
  await writeFile(box.path('corpus/inner/b.txt'), lines.slice(200).join(''));
  await writeFile(box.path('corpus/.hidden'), 'zzzz '.repeat(1000));
  await writeFile(box.path('genome.fa'), `>one\n${'ACGTTGCA\n'.repeat(200)}>two\n${'TTAACCGG\n'.repeat(200)}`);
  await writeFile(box.path('hindi.txt'), 'नमस्ते दुनिया। किताबें और क्षत्रिय\n'.repeat(50));
});

describe('text train', () => {
  it.each([
    ['bpe', [], 'bpe.json', []],
    ['bpe', [], 'ranks.tiktoken', ['--encoding', 'gpt2']],
    ['bpe', [], 'bpe.bin', []],
    ['superbpe', ['--transition', '320'], 'super.json', []],
    ['unigram', [], 'unigram.json', []],
    ['wordpiece', ['--special-tokens', '[UNK],[CLS],[SEP]'], 'wordpiece.json', []],
    ['wordlevel', [], 'words.json', []],
    ['boundlessbpe', [], 'boundless.model', []],
    ['pickybpe', ['--as', 'boundless-bpe', '--deletion-threshold', '0.8'], 'picky.model', []],
  ] as const)('learns %s %j into %s, which every command reads', async (algorithm, more, file, encoding) => {
    const said = await train('corpus', '--algorithm', algorithm, '-n', '350', '-o', file, ...more);
    expect(said).toMatch(new RegExp(`^2 files, 300 lines -> ${file} {2}\\S+, \\d+ tokens, `));
    const { vocabularySize } = await box.json<{ vocabularySize: number }>('text', 'inspect', '-m', file, ...encoding);
    // A rank file has the special ids of its encoding.
    expect(vocabularySize).toBeLessThanOrEqual(file.endsWith('.tiktoken') ? 50_257 : 351);
    const [ids = ''] = (await text('encode', '--text', sentence, '-m', file, ...encoding)).split('\n');
    expect(ids.split(' ').length).toBeLessThan(sentence.length);
    const back = await text('decode', '--ids', ids, '-m', file, ...encoding);
    const lossy = algorithm === 'wordpiece' || algorithm === 'wordlevel';
    expect(lossy ? back.slice(0, 3).toLowerCase() : back).toBe(lossy ? 'the' : sentence);
  });

  it('gives the same vocabulary from files and from standard input', async () => {
    await train('corpus', '-n', '350', '-o', 'files.json');
    const child = box.start(['text', 'train', '-', '-n', '350', '-o', 'stdin.json', '--memory', '64kB', '--quiet']);
    child.stdin!.end((await readFile('corpus/a.txt', 'utf8')) + (await readFile('corpus/inner/b.txt', 'utf8')));
    expect(await finished(child)).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile('stdin.json', 'utf8')).toBe(await readFile('files.json', 'utf8'));
  });

  it('has presets, other special tokens, and the pipeline of another file', async () => {
    expect(await train('genome.fa', '--preset', 'genome', '-n', '40', '-o', 'genome.json')).toContain('40 tokens');
    expect(await text('encode', '--text', 'ACGTTGCA', '-m', 'genome.json', '--add-special-tokens')).toMatch(
      /^1 .* 2\n$/,
    );
    for (const algorithm of ['bpe', 'unigram']) {
      await train('hindi.txt', '--preset', 'akshara', '-a', algorithm, '-n', '60', '-o', 'hindi.json');
      const { files } = await box.json<{ files: readonly { cells: readonly { text: string }[] }[] }>(
        'text',
        'inspect',
        '-m',
        'hindi.json',
        '--text',
        'नमस्ते क्षत्रिय',
      );
      // No token begins with a mark.
      expect(files[0]?.cells.filter((cell) => /^\p{M}/u.test(cell.text))).toEqual([]);
    }
    await train(
      'corpus',
      '-a',
      'wordlevel',
      '--like',
      'genome.json',
      '--special-tokens',
      '<a>',
      '-n',
      '20',
      '-o',
      'l.json',
    );
    const made = JSON.parse(await readFile('l.json', 'utf8')) as Readonly<Record<string, unknown>>;
    expect(made).toMatchObject({
      pre_tokenizer: { type: 'Whitespace' },
      added_tokens: [{ content: '<unk>' }, { content: '<a>' }],
    });
    const report = await box.json('text', 'train', 'corpus', '-n', '300', '-o', 'json.json');
    expect(report).toMatchObject({
      algorithm: 'bpe',
      files: 2,
      texts: 300,
      output: 'json.json',
      format: 'tokenizer.json',
    });
  });

  it('says what is wrong before it begins, and leaves nothing', async () => {
    await fails(2, 'expected --out', 'corpus');
    await fails(2, 'expected texts, got nothing', '-o', 'x.json');
    await fails(2, 'x.txt: expected a name that ends with', 'corpus', '-o', 'x.txt');
    await fails(2, 'unigram cannot be written as sentencepiece, but as', 'corpus', '-a', 'unigram', '-o', 'x.model');
    await fails(
      2,
      'boundless-bpe cannot be written as tiktoken',
      'corpus',
      '-a',
      'pickybpe',
      '--as',
      'tiktoken',
      '-o',
      'x',
    );
    await fails(2, 'standard input can be read once', '-', '-', '-o', 'x.json');
    await fails(2, '--algorithm: expected bpe, unigram', 'corpus', '-a', 'lib', '-o', 'x.json');
    await fails(2, '--transition does not go with --algorithm bpe', 'corpus', '--transition', '5', '-o', 'x.json');
    await fails(2, '--preset does not go with', 'corpus', '-a', 'unigram', '--preset', 'genome', '-o', 'x.json');
    await fails(2, '--memory: expected a size', 'corpus', '--memory', 'much', '-o', 'x.json');
    await fails(1, 'cat.png: expected a tokenizer.json', 'corpus', '--like', 'cat.png', '-o', 'x.json');
    await fails(1, 'absent.txt', 'absent.txt', '-o', 'x.json');
    await writeFile(box.path('empty.txt'), '');
    await fails(1, 'empty.txt: expected text to learn from, got no line of it', 'empty.txt', '-o', 'x.json');
  });

  it('stops at Ctrl-C without a half file or temporary files', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('tesserae-train'));
    const child = box.start(['text', 'train', '-', '-o', 'never.json']);
    const ended = finished(child);
    child.stdin!.write('word another word\n'.repeat(400_000), () => child.kill('SIGINT'));
    child.stdin!.on('error', () => undefined);
    expect((await ended).signal ?? 'SIGINT').toBe('SIGINT');
    expect(await readdir('.')).not.toContain('never.json');
    expect(await box.partial()).toEqual([]);
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('tesserae-train'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });
});

describe('views', () => {
  it('are pages and pictures, of one vocabulary or two', async () => {
    await writeFile(box.path('short.txt'), 'Hi <b> there\u001b\nสวัสดี');
    expect(await text('inspect', 'short.txt', '--svg', 'one.svg', '--html', 'one.html')).toMatch(
      /-> one.html\n-> one.svg\n/,
    );
    const one = await readFile('one.svg', 'utf8');
    expect(one).toMatch(/^<svg xmlns=.*short.txt.*o200k_base: \d+ tokens.*&lt;.*<\/svg>\n$/s);
    expect(one).not.toMatch(/<b>|<script/);
    expect(one).not.toContain('\u001b');
    const views = await box.json('text', 'compare', 'gpt2', 'cl100k_base', 'short.txt', '--svg', 'both.svg');
    expect(views).toMatchObject({ svg: 'both.svg' });
    expect(await readFile('both.svg', 'utf8')).toMatch(/gpt2: \d+ tokens.*cl100k_base: \d+ tokens/s);
    await box.fails(2, '--html, --svg and --table need a text', 'text', 'inspect', '--svg', 'x.svg');
  });
});
