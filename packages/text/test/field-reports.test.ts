import { describe, expect, it } from 'vitest';
import { textTokenizer, textTokenizers } from '../src';

// One test a row of what users of comparable tools ran into; the numbers are those of that list.
const load = (name: string) => textTokenizers.fromPretrained(name);

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
