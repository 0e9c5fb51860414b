import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { trainTokenizer, type TrainTokenizerOptions } from '../train-tokenizer';
import { createWordCounter } from '../word-counter';
import { countFiles } from './count-files';
import { countTextsInThreads } from './count-stream';
import { fileLines } from './file-lines';
import { fileRanges, rangeLines } from './file-ranges';
import { folderSpillStore } from './folder-spill-store';
import { trainTokenizerFromFiles, trainTokenizerFromTexts } from './train-files';
import { writeWholeFile } from './write-whole-file';

const folder = mkdtempSync(join(tmpdir(), 'tesserae-training-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The built program is beside the built entry; here the sources run, through a loader.
const program = new URL('../../../test/training/source-worker.mjs', import.meta.url);
const counting = new URL('count-worker.ts', import.meta.url).href;
process.env['TESSERAE_TEST_WORKER'] = counting;

const preTokenizer = { type: 'ByteLevel', add_prefix_space: false };
const paths = ['one.txt', 'two.txt', 'empty.txt'].map((name) => join(folder, name));
const text = Array.from({ length: 4000 }, (_, line) => `Zeile ${line % 97} – Größe ${line * line} 世界\n`).join('');
writeFileSync(paths[0]!, text);
writeFileSync(paths[1]!, `${text.slice(0, 50_000)}ohne Ende`);
writeFileSync(paths[2]!, '');
const whole = createWordCounter({ preTokenizer });
for (const path of paths) for (const line of fileLines(path)) whole.add(line);
const expected = [...whole.counts()];

describe('rangeLines', () => {
  it('gives every line once, whatever the ranges', () => {
    const lines = text.match(/.*\n/g)!.slice(0, 60);
    const path = join(folder, 'lines.txt');
    writeFileSync(path, lines.join(''));
    expect([...fileLines(path)]).toEqual(lines);
    for (const size of [1, 2, 7, 40, 1000]) {
      expect(fileRanges([path], size).flatMap((range) => [...rangeLines(range)])).toEqual(lines);
    }
  });

  it('keeps a byte order mark, and replaces bytes that are no UTF-8', () => {
    const path = join(folder, 'bytes.txt');
    writeFileSync(path, Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x0a, 0xe4, 0xb8]));
    expect([...fileLines(path)]).toEqual(['\ufeffa\ufffd\n', '\ufffd']);
  });

  it('names a file that cannot be read', () => {
    expect(() => fileRanges([join(folder, 'none.txt')], 10)).toThrow('none.txt');
    expect(() => fileRanges([folder], 10)).toThrow('a file that can be read');
  });
});

describe('countTextsInThreads', () => {
  async function* stream(): AsyncGenerator<string> {
    for (const path of paths) yield* fileLines(path);
  }
  it('counts a stream in threads, spills, and leaves no file', async () => {
    const temporaryFolder = mkdtempSync(join(folder, 'temporary-'));
    const told: number[] = [];
    const options = { threads: 2, temporaryFolder, onProgress: onDone(told) };
    const [counts, words] = await countTextsInThreads(
      stream(),
      [{ preTokenizer }, { preTokenizer: { type: 'WhitespaceSplit' } }],
      options,
      program,
    );
    expect([...counts!]).toEqual(expected);
    expect(words!.get('世界')).toBe(counts!.get('Ġä¸ĸçķĮ'));
    expect(told.at(-1)).toBe(whole.texts);
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });
  it('reads no further than the threads count', async () => {
    let given = 0;
    let most = 0;
    let counted = 0;
    async function* texts(): AsyncGenerator<string> {
      for (let index = 0; index < 40; index += 1) {
        given += 1;
        most = Math.max(most, given - counted);
        yield 'ein Wort '.repeat(30_000);
      }
    }
    const options = { onProgress: ({ done }: { readonly done: number }) => (counted = done) };
    const [counts] = await countTextsInThreads(texts(), [{ preTokenizer }], options, program);
    expect(counts!.get('ein')).toBe(40);
    expect(most).toBeLessThanOrEqual(5);
  });
  it('ends with the error of the stream, or when it is told, and has the stream end', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<string> {
      try {
        for (;;) yield 'mehr '.repeat(60_000);
      } finally {
        isClosed = true;
      }
    }
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    const counting = countTextsInThreads(endless(), [{ preTokenizer }], { signal: stop.signal, onProgress }, program);
    await expect(counting).rejects.toThrow('enough');
    await expect.poll(() => isClosed).toBe(true);
    async function* broken(): AsyncGenerator<string> {
      yield 'a';
      throw new Error('torn');
    }
    await expect(countTextsInThreads(broken(), [{ preTokenizer }], {}, program)).rejects.toThrow('torn');
  });
  it('trains what a single thread trains', async () => {
    const settings: TrainTokenizerOptions = { algorithm: 'bpe', vocabularySize: 400, preTokenizer };
    const threaded = await trainTokenizerFromTexts(stream(), { ...settings, threads: 2 }, program);
    const alone = trainTokenizer(
      paths.flatMap((path) => [...fileLines(path)]),
      settings,
    );
    expect(threaded.save('tokenizer.json')).toEqual(alone.save('tokenizer.json'));
  });
});

const onDone =
  (told: number[]) =>
  ({ done }: { readonly done: number }) =>
    void told.push(done);

describe('countFiles', () => {
  it('counts in threads, spills, and leaves no file', async () => {
    const temporaryFolder = mkdtempSync(join(folder, 'temporary-'));
    const told: number[] = [];
    const [counts, words] = await countFiles(
      paths,
      [{ preTokenizer }, { preTokenizer: { type: 'WhitespaceSplit' } }],
      { threads: 2, temporaryFolder, onProgress: ({ done }) => told.push(done) },
      program,
    );
    expect([...counts!]).toEqual(expected);
    expect(words!.get('世界')).toBe(counts!.get('Ġä¸ĸçķĮ'));
    expect(told.at(-1)).toBe(whole.texts);
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });

  it('gives the most frequent words that fit into memory', async () => {
    const memory = 60_000;
    const [counts] = await countFiles(paths, [{ preTokenizer }], { memory }, program);
    expect([...counts!]).toEqual([...whole.counts({ memory })]);
    expect(counts!.size).toBeLessThan(expected.length);
  });

  it('stops when it is told, and removes what it wrote', async () => {
    const temporaryFolder = mkdtempSync(join(folder, 'temporary-'));
    const stop = new AbortController();
    const reason = new Error('enough');
    const counted = countFiles(paths, [{ preTokenizer }], { temporaryFolder, signal: stop.signal }, program);
    expect(readdirSync(temporaryFolder)).toHaveLength(1);
    stop.abort(reason);
    await expect(counted).rejects.toBe(reason);
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });

  it('removes what a killed process left, but not what a running one has', async () => {
    const temporaryFolder = mkdtempSync(join(folder, 'temporary-'));
    const left = mkdtempSync(join(temporaryFolder, 'tesserae-counts-2147483646-'));
    const other = mkdtempSync(join(temporaryFolder, `tesserae-counts-${process.ppid}-`));
    writeFileSync(join(left, 'run-0.counts'), 'half');
    await countFiles([], [{ preTokenizer }], { temporaryFolder }, program);
    expect(readdirSync(temporaryFolder).map((name) => join(temporaryFolder, name))).toEqual([other]);
  });

  it('says what is wrong before a thread starts', async () => {
    await expect(countFiles(paths, [{ preTokenizer: { type: 'No' } }])).rejects.toThrow('preTokenizer.type');
    await expect(countFiles(['/nowhere/a.txt'], [{}])).rejects.toThrow('/nowhere/a.txt');
    await expect(countFiles(paths, [{}], { threads: 0 })).rejects.toThrow('threads');
    await expect(countFiles(paths, [{}], { memory: 0 })).rejects.toThrow('memory');
    await expect(countFiles(paths, [{}], { temporaryFolder: join(folder, 'none') })).rejects.toThrow('temporaryFolder');
  });
});

describe('trainTokenizerFromFiles', () => {
  it('gives what training on the lines gives', async () => {
    const settings: readonly TrainTokenizerOptions[] = [
      { algorithm: 'bpe', vocabularySize: 300, preTokenizer },
      { algorithm: 'superbpe', vocabularySize: 300, transition: 100 },
    ];
    const lines = paths.flatMap((path) => [...fileLines(path)]);
    for (const options of settings) {
      const tokenizer = await trainTokenizerFromFiles(paths, { ...options, threads: 2 }, program);
      expect(tokenizer.save('tokenizer.json')).toEqual(trainTokenizer(lines, options).save('tokenizer.json'));
    }
    const boundless = { algorithm: 'boundless-bpe', vocabularySize: 280 } as const;
    const tokenizer = await trainTokenizerFromFiles([paths[0]!], boundless);
    expect(tokenizer.save('boundless-bpe')).toEqual(
      trainTokenizer(fileLines(paths[0]!), boundless).save('boundless-bpe'),
    );
  });
});

describe('counting in bounded memory', () => {
  it('needs a fraction of the memory that all distinct words need', async () => {
    // 400 000 distinct words take some 60 MB as a Map; the thread has 24 MB for everything.
    const run = (spills: boolean) =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(program, {
          env: {
            ...process.env,
            TESSERAE_TEST_WORKER: new URL('../../../test/training/many-words.ts', import.meta.url).href,
          },
          workerData: {
            folder: spills ? mkdtempSync(join(folder, 'runs-')) : undefined,
            words: 400_000,
            memory: 2_000_000,
          },
          resourceLimits: { maxOldGenerationSizeMb: 40, maxYoungGenerationSizeMb: 4 },
        });
        worker.on('message', resolve);
        worker.on('error', reject);
      });
    expect(await run(true)).toBe(400_000);
    await expect(run(false)).rejects.toThrow('memory');
  }, 120_000);
});

describe('folderSpillStore', () => {
  it('does not read what an earlier process left', () => {
    const runs = mkdtempSync(join(folder, 'runs-'));
    writeFileSync(join(runs, 'run-0.counts'), 'something else');
    const store = folderSpillStore(runs);
    store.append(0, Uint8Array.of(1, 2));
    store.append(0, Uint8Array.of(3));
    expect(Array.from(store.read(0, 1, 10))).toEqual([2, 3]);
    expect(store.read(0, 3, 10)).toHaveLength(0);
    store.remove(0);
    expect(readdirSync(runs)).toEqual([]);
    expect(() => folderSpillStore(join(paths[0]!, 'inside'))).toThrow('a folder that can be written');
  });
});

describe('writeWholeFile', () => {
  it('replaces a file, or leaves it and nothing else', async () => {
    const place = mkdtempSync(join(folder, 'files-'));
    const path = join(place, 'tokenizer.json');
    await writeWholeFile(path, 'first');
    await writeWholeFile(path, new TextEncoder().encode('second'));
    expect(readFileSync(path, 'utf8')).toBe('second');
    const broken = { toString: () => 'x' } as unknown as string;
    await expect(writeWholeFile(path, broken)).rejects.toThrow('data');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(place)).toEqual(['tokenizer.json']);
    await expect(writeWholeFile(join(place, 'none', 'a'), 'x')).rejects.toThrow('ENOENT');
  });
});
