import { describe, expect, it } from 'vitest';
import { readBoundlessBpe } from '../boundless-bpe/model-file';
import { boundlessBpeTokenizer } from '../boundless-bpe/tokenizer';
import { fromTokenizerJson } from '../pipeline/tokenizer-json';
import type { TrainingProgress } from './progress';
import { memorySpillStore } from './spill-store';
import { textLines, textLinesOf } from './text-lines';
import { trainTokenizer, trainTokenizerAsync, type TrainTokenizerOptions } from './train-tokenizer';

const lines = Array.from({ length: 40 }, (_, line) => `the cat number ${line % 7} sat on the mats of the cats\n`);
const byteLevel = { type: 'ByteLevel', add_prefix_space: false };
const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };

const settings: readonly TrainTokenizerOptions[] = [
  { algorithm: 'bpe', vocabularySize: 60, preTokenizer: byteLevel },
  { algorithm: 'bpe', vocabularySize: 60, preTokenizer: { type: 'WhitespaceSplit' }, endOfWordSuffix: '</w>' },
  { algorithm: 'bpe', vocabularySize: 60, preTokenizer: metaspace },
  { algorithm: 'wordpiece', vocabularySize: 60, preTokenizer: { type: 'BertPreTokenizer' }, specialTokens: ['[UNK]'] },
  {
    algorithm: 'word-level',
    vocabularySize: 30,
    preTokenizer: { type: 'WhitespaceSplit' },
    specialTokens: ['<unk>'],
    normalizer: { type: 'Lowercase' },
  },
  { algorithm: 'unigram', vocabularySize: 50, preTokenizer: metaspace, unknownToken: '<unk>' },
  { algorithm: 'superbpe', vocabularySize: 70, transition: 20 },
  { algorithm: 'boundless-bpe', vocabularySize: 290 },
];

describe('trainTokenizer', () => {
  it('trains every algorithm, and the file gives the same tokenizer', () => {
    for (const options of settings) {
      const tokenizer = trainTokenizer(lines, options);
      const text = 'the cat sat on the mats';
      const { ids } = tokenizer.encode(text);
      expect(ids.length).toBeLessThan(text.length);
      expect(tokenizer.decode(ids).replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      const again =
        options.algorithm === 'boundless-bpe'
          ? boundlessBpeTokenizer(readBoundlessBpe(tokenizer.save('boundless-bpe')))
          : fromTokenizerJson(tokenizer.save('tokenizer.json'), { name: 'again' });
      expect(again.encode(text).ids).toEqual(ids);
    }
  });

  it('is the same from a stream, and where counts spill', async () => {
    for (const options of settings) {
      if (options.algorithm === 'boundless-bpe') continue;
      const expected = trainTokenizer(lines, options).save('tokenizer.json');
      async function* stream() {
        yield* lines;
      }
      expect((await trainTokenizerAsync(stream(), options)).save('tokenizer.json')).toEqual(expected);
      // So little memory is not enough for the words of a trainer, which may take all of them here.
      const spilled = { ...options, spill: memorySpillStore(), memory: 9000 };
      expect(trainTokenizer(lines, spilled).save('tokenizer.json')).toEqual(expected);
    }
  });

  it('says how far it is, and stops when it is told', async () => {
    const seen: TrainingProgress[] = [];
    trainTokenizer(lines, { ...settings[0]!, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['count-words', 'count-pairs', 'merge']));
    expect(seen.at(-1)).toMatchObject({ stage: 'merge', done: seen.at(-1)!.total });

    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ stage }: TrainingProgress) => {
      if (stage === 'count-pairs') stop.abort(reason);
    };
    expect(() => trainTokenizer(lines, { ...settings[0]!, signal: stop.signal, onProgress })).toThrow(reason);
    await expect(trainTokenizerAsync(lines, { ...settings[5]!, signal: stop.signal })).rejects.toBe(reason);
  });

  it('frees what it spilled when it fails', () => {
    const store = memorySpillStore();
    const alive = new Set<number>();
    const spill = {
      append(run: number, bytes: Uint8Array) {
        alive.add(run);
        store.append(run, bytes);
      },
      read: store.read,
      remove: (run: number) => void alive.delete(run),
    };
    function* broken() {
      yield* lines;
      expect(alive.size).toBeGreaterThan(0);
      throw new Error('lost the corpus');
    }
    expect(() => trainTokenizer(broken(), { ...settings[0]!, spill, memory: 500 })).toThrow('lost the corpus');
    expect(alive.size).toBe(0);
  });

  it('names what is wrong in the pipeline', () => {
    expect(() => trainTokenizer([], { algorithm: 'bpe', preTokenizer: { type: 'Nothing' } })).toThrow(
      'preTokenizer.type',
    );
    expect(() => trainTokenizer([], { algorithm: 'bpe', memory: 0 })).toThrow('memory');
  });

  it('learns nothing from nothing', () => {
    for (const algorithm of ['bpe', 'wordpiece', 'word-level'] as const) {
      expect(trainTokenizer([], { algorithm, specialTokens: ['<unk>', '[UNK]'] }).info.vocabularySize).toBe(2);
    }
    expect(trainTokenizer([], { algorithm: 'unigram', unknownToken: '<unk>' }).info.vocabularySize).toBe(1);
  });
});

describe('textLines', () => {
  it('keeps newlines, whatever the pieces', async () => {
    const text = 'one\ntwo\r\n\nlast';
    const expected = ['one\n', 'two\r\n', '\n', 'last'];
    for (let size = 1; size < 6; size += 1) {
      const chunks = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g'))!;
      expect([...textLines(chunks)]).toEqual(expected);
      const found: string[] = [];
      for await (const line of textLinesOf(chunks)) found.push(line);
      expect(found).toEqual(expected);
    }
    expect([...textLines(['end\n'])]).toEqual(['end\n']);
  });
});
