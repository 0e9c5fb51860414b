import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { textTokenizers } from '@tesserae/text';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandBox, finished } from './tesserae';

const box = commandBox();
const text = async (...given: readonly string[]) => (await box.run('text', ...given)).stdout.toString();
const json = <T>(...given: readonly string[]) => box.json<T>('text', ...given);
const fails = (code: number, message: string, ...given: readonly string[]) =>
  box.fails(code, message, 'text', ...given);
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../packages/text/test/fixtures/${name}`, import.meta.url));

const awkward = 'Grüße 👩‍👩‍👧, <b>Zürich</b> & สวัสดี\n\tx <|endoftext|> don’t\r\n';
const small = '--vocabulary=vocab.txt';

beforeAll(async () => {
  await writeFile(box.path('awkward.txt'), awkward);
  await writeFile(box.path('hello.txt'), 'Hello, world!');
  await mkdir(box.path('docs/inner'), { recursive: true });
  await writeFile(box.path('docs/b.md'), 'two words');
  await writeFile(box.path('docs/inner/a.md'), 'one');
  await writeFile(box.path('docs/.hidden'), 'not read');
  await writeFile(box.path('vocab.txt'), '[UNK]\n[CLS]\n[SEP]\nhel\n##lo\nworld\n,\n');
  await mkdir(box.path('t5'));
  await copyFile(fixture('hf/t5-style/tokenizer.json'), box.path('t5/tokenizer.json'));
  await copyFile(fixture('sentencepiece/unigram-suffix/tokenizer.model'), box.path('suffix.model'));
});

describe('text encode and decode', () => {
  it('print ids, and the text again', async () => {
    expect(await text('encode', 'hello.txt')).toBe('13225 11 2375 0\n');
    expect(await text('encode', '--text', 'Hello, world!', '--vocabulary', 'cl100k_base')).toBe('9906 11 1917 0\n');
    expect(await text('decode', '--ids', '[13225, 11, 2375, 0]')).toBe('Hello, world!');
    expect(await json('encode', 'hello.txt')).toMatchObject({
      vocabulary: { variant: 'o200k_base' },
      files: [{ input: 'hello.txt', tokens: 4, ids: [13225, 11, 2375, 0] }],
    });
    expect(await json('decode', '--ids', '13225')).toMatchObject({ files: [{ text: 'Hello', characters: 5 }] });
  });

  it('go through every kind of file and come back to the same bytes', async () => {
    const { ids } = (await textTokenizers.fromPretrained('r50k_base')).encode(awkward, { specials: 'ordinary' });
    for (const [format, file] of [
      ['ids', 'made/awkward.ids'],
      ['tok', 'made/awkward.tok'],
      ['uint16', 'made/awkward.bin'],
      ['uint32', 'made/awkward.bin'],
    ] as const) {
      const written = await text('encode', 'awkward.txt', '-m', 'r50k_base', '--as', format, '--out', 'made');
      expect(written).toContain(`awkward.txt -> ${file}  ${ids.length} tokens, `);
      // A token file says itself what it is and which vocabulary it is of.
      const known = format === 'tok' ? [] : ['--as', format, '-m', 'r50k_base'];
      await text('decode', file, ...known, '--out', 'back.txt');
      expect(await readFile(box.path('back.txt'), 'utf8')).toBe(awkward);
    }
    expect((await readFile(box.path('made/awkward.bin'))).readUInt32LE(4)).toBe(ids[1]);
  });

  it('read standard input as it comes, and files of any length in pieces', async () => {
    const long = awkward.repeat(4000);
    const encoding = box.start(['text', 'encode', '-', '--vocabulary', 'r50k_base']);
    encoding.stdin!.end(long);
    const { code, stdout, stderr } = await finished(encoding);
    const { ids } = (await textTokenizers.fromPretrained('r50k_base')).encode(long, { specials: 'ordinary' });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.toString() === `${ids.join(' ')}\n`).toBe(true);
    await writeFile(box.path('long.ids'), stdout);
    expect((await text('decode', 'long.ids', '-m', 'r50k_base')) === long).toBe(true);
  });

  it('read every file of a folder but hidden ones, in order', async () => {
    const { files } = await json<{ files: readonly { input: string }[] }>('encode', 'docs/', 't5/../hello.txt');
    expect(files.map(({ input }) => input)).toEqual(['docs/b.md', 'docs/inner/a.md', 't5/../hello.txt']);
    expect(await text('encode', 'docs/', '--out', 'all')).toMatch(/-> all\/b.ids .*-> all\/inner\/a.ids /s);
    expect(await text('decode', 'all', '--out', 'again')).toMatch(/-> again\/b.txt .*-> again\/inner\/a.txt /s);
    expect(await readFile(box.path('again/inner/a.txt'), 'utf8')).toBe('one');
  });

  it('take special tokens as text, as tokens, or not at all', async () => {
    const end = ['encode', '--text', '<|endoftext|>', '-m', 'cl100k_base'];
    expect((await text(...end)).trim().split(' ')).toHaveLength(7);
    expect(await text(...end, '--specials', 'allow')).toBe('100257\n');
    await fails(1, '<|endoftext|>', ...end, '--specials', 'error');
    expect(await text('encode', '--text', 'Hello', small)).toBe('3 4\n');
    expect(await text('encode', '--text', 'Hello', small, '--add-special-tokens')).toBe('1 3 4 2\n');
    expect(await text('decode', '--ids', '1 3 4 2', small, '--skip-specials')).toBe('hello');
  });

  it('agree with the tokenizer for the other kinds of vocabularies', async () => {
    for (const source of ['t5', 't5/tokenizer.json', 'suffix.model']) {
      const [ids = ''] = (await text('encode', 'awkward.txt', '-m', source)).split('\n');
      const path = source === 't5' ? 't5/tokenizer.json' : source;
      const tokenizer = await textTokenizers.fromPretrained(await readFile(box.path(path)));
      const expected = tokenizer.encode(awkward, { specials: 'ordinary', addSpecialTokens: false }).ids;
      expect(ids).toBe(expected.join(' '));
      expect(await text('decode', '--ids', ids, '-m', source)).toBe(tokenizer.decode(expected));
    }
  });
});

describe('text count', () => {
  it('gives a row for each text and the total', async () => {
    expect(await text('count', 'docs', 'hello.txt')).toBe(
      [
        'tokens  characters  bytes  bytes/token  text',
        '     2           9      9         4.50  docs/b.md',
        '     1           3      3         3.00  docs/inner/a.md',
        '     4          13     13         3.25  hello.txt',
        '     7          25     25         3.57  total',
        '',
      ].join('\n'),
    );
    expect(await json('count', 'awkward.txt', '-m', 'cl100k_base')).toMatchObject({
      files: [{ characters: [...awkward].length, bytes: Buffer.byteLength(awkward), over: false }],
    });
  });

  it('fails where a text has more tokens than the limit', async () => {
    expect((await box.run('text', 'count', 'hello.txt', '--limit', '4')).code).toBe(0);
    const { code, stdout, stderr } = await box.run('text', 'count', 'hello.txt', '--limit', '3');
    expect([code, stderr]).toEqual([1, expect.stringContaining('hello.txt: more than 3 tokens')]);
    expect(stdout.toString()).toContain('> 3');
  });
});

describe('text inspect', () => {
  it('shows tokens in brackets or on colored ground, and nothing that steers a terminal', async () => {
    const given = ['inspect', '--text', 'Hello\u001b[1m\nworld'];
    expect(await text(...given)).toBe('[Hello][␛][[][1][m][↵\n][world]\n--text: 7 tokens of o200k_base\n');
    const colored = await text(...given, '--color', 'always');
    expect(colored).toContain('\u001b[46mHello');
    expect(colored).toContain('\u001b[43m␛');
    expect(colored).not.toContain('\u001b[1m');
  });

  it('keeps tokens of one character together and shows what has no token', async () => {
    expect(await text('inspect', '--text', ' hello  WORLD', small, '--add-special-tokens')).toContain(
      '[[CLS]] [hel][lo]  [WORLD][[SEP]]',
    );
    const { files } = await json<{ files: readonly { cells: readonly { text: string; tokens: unknown[] }[] }[] }>(
      'inspect',
      '--text',
      'a👩',
      '-m',
      'cl100k_base',
    );
    expect(files[0]!.cells.map((cell) => [cell.text, cell.tokens.length])).toEqual([
      ['a', 1],
      ['👩', 3],
    ]);
  });

  it('lists tokens and writes a page in which text stays text', async () => {
    expect(await text('inspect', '--text', 'Hi <b>', '--table')).toMatch(/ +3 +4 +27 +"<" +"<"|"b"/);
    const shown = await text('inspect', 'awkward.txt', 'hello.txt', '--html', 'tokens.html');
    expect(shown).toContain('-> tokens.html');
    const page = await readFile(box.path('tokens.html'), 'utf8');
    expect(page).toContain('title="13225 Hello">Hello</span>');
    expect(page).toContain('&lt;');
    expect(page).not.toMatch(/<b>|<script|<\/b>/);
  });

  it('says what a vocabulary is', async () => {
    expect(await json('inspect', '-m', 'suffix.model')).toMatchObject({
      system: 'text/sentencepiece',
      kind: 'unigram',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      savesAs: expect.arrayContaining(['sentencepiece']),
    });
    expect(await text('inspect', small)).toMatch(/kind +wordpiece\n/);
  });
});

describe('text compare', () => {
  it('sets two vocabularies side by side', async () => {
    const shown = await text('compare', 'cl100k_base', 'o200k_base', 'hello.txt', 'awkward.txt', '--tokens');
    expect(shown).toMatch(/text +of +cl100k_base +o200k_base +change\nhello.txt +tokens +4 +4 +0\.0 %\n/);
    expect(shown).toMatch(/ +per character +13 +0\.308 +0\.308\n +per word +2 +2\.000 +2\.000\n/);
    expect(shown).toContain('o200k_base:\n[Hello][,][ world][!]\n');
    expect(shown).toMatch(/\ntotal +tokens/);
    expect(await json('compare', 'gpt2', 'vocab.txt', '--text', 'hello world', '--html', 'both.html')).toMatchObject({
      texts: [{ words: 2, tokens: [2, 3], perUnit: [{ words: 1 }, { words: 1.5 }], change: 0.5 }],
    });
    expect(await readFile(box.path('both.html'), 'utf8')).toMatch(/<h2>gpt2<\/h2>[^]*<h2>vocab.txt<\/h2>/);
  });
});

describe('text convert', () => {
  it('writes files that give the same ids', async () => {
    expect(await text('convert', 'r50k_base', 'mine.tiktoken')).toMatch(/^r50k_base -> mine.tiktoken {2}tiktoken, /);
    await text('convert', 'vocab.txt', 'tokenizer.json');
    await text('convert', 'suffix.model', 'again.model');
    for (const [before, after, ...more] of [
      ['r50k_base', 'mine.tiktoken', '--encoding', 'r50k_base'],
      ['vocab.txt', 'tokenizer.json'],
      ['suffix.model', 'again.model'],
    ] as const) {
      const ids = await text('encode', 'awkward.txt', '-m', before);
      expect(await text('encode', 'awkward.txt', '-m', after, ...more)).toBe(ids);
    }
  });

  it('refuses what the other kind cannot hold, and other names', async () => {
    await fails(1, 'cannot be written like that', 'convert', 'vocab.txt', 'out.tiktoken');
    await fails(2, 'ends with .json, .tiktoken, .model, .bin', 'convert', 'gpt2', 'out.txt');
    await fails(2, 'would be overwritten', 'convert', 'vocab.txt', './vocab.txt', '--as', 'tokenizer.json');
  });
});

describe('the text commands', () => {
  it('have help of their own and say what they do not know', async () => {
    for (const given of [['--help'], ['help']]) expect(await text(...given)).toMatch(/Commands:\n {2}encode +Texts/);
    expect((await box.run('text')).code).toBe(2);
    expect(await text('count', '--help')).toMatch(/Usage: tesserae text count <.*--limit <n>/s);
    await fails(2, 'unknown command cuont. Did you mean count? tesserae text --help', 'cuont');
    await fails(2, 'tesserae text count --help shows how', 'count');
    await fails(2, '--text goes without files', 'count', 'hello.txt', '--text', 'x');
    await fails(2, '--as: expected ids, tok, uint16, uint32', 'encode', 'hello.txt', '--as', 'npy');
    await fails(2, 'need a text', 'inspect', '--table');
    await fails(2, 'expected two vocabularies', 'compare', 'gpt2');
  });

  it('name a vocabulary that cannot be opened, and what was expected', async () => {
    await fails(1, 'nowhere: expected the name of a vocabulary (gpt2, ', 'count', 'hello.txt', '-m', 'nowhere');
    await fails(1, 'no such file (did you mean o200k_base?)', 'count', 'hello.txt', '-m', 'o200k_bas');
    await fails(1, 'docs: expected a folder with tokenizer.json', 'count', 'hello.txt', '-m', 'docs');
    await fails(1, 'cat.png: expected a tokenizer.json or', 'count', 'hello.txt', '-m', 'cat.png');
    await writeFile(box.path('my.tiktoken'), 'YQ== 0\n');
    await fails(1, 'my.tiktoken: expected --encoding', 'count', 'hello.txt', '-m', 'my.tiktoken');
    await writeFile(box.path('bad.json'), '{"model": {"type": "Odd"}}');
    await fails(1, 'bad.json', 'count', 'hello.txt', '-m', 'bad.json');
  });

  it('name an input that is no text or has no ids, and do the others', async () => {
    await fails(1, 'cat.png: expected bytes of UTF-8, got others among bytes 0 to', 'count', 'cat.png');
    await fails(1, 'absent.txt: expected a readable file, got ENOENT', 'count', 'absent.txt');
    await fails(1, 'hello.txt: expected ids in decimal, got "Hello"', 'decode', 'hello.txt');
    await fails(1, 'ids of 4 bytes, got 1 bytes at the end', 'decode', 'hello.txt', '--as', 'uint32', '--skip-unknown');
    await fails(1, '999999999', 'decode', '--ids', '999999999');
    await fails(1, 'ids up to 65535', 'encode', '--text', ' สวัสดี', '--as', 'uint16', '--out', 'x.bin');
    await text('encode', 'hello.txt', '--as', 'tok', '--out', 'other.tok');
    await fails(1, 'not with r50k_base', 'decode', 'other.tok', '-m', 'r50k_base');
    await writeFile(box.path('late.txt'), Buffer.concat([Buffer.from('word '.repeat(20_000)), Buffer.of(0xff)]));
    const lines = (await text('encode', 'late.txt', 'hello.txt', '-m', 'r50k_base')).split('\n');
    expect(lines.at(-2)).toBe('15496 11 995 0');
    expect(await json('count', 'absent.txt', 'hello.txt')).toMatchObject({
      failed: 1,
      failures: [{ input: 'absent.txt', error: { code: 'unreadable' } }],
      files: [{ input: 'hello.txt', tokens: 4 }],
    });
  });
});
