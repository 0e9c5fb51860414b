import { describe, expect, it } from 'vitest';
import { llamaDecoder } from '../../test/llama-parts';
import { alignText, originalRange, rewriteText, sliceText } from './aligned-text';
import { readDecoder } from './decoders';
import { stageOf } from './decoders/decoder';
import { jsonPlace } from './json-reader';
import { readNormalizer } from './normalizers';
import { fromTokenizerJson } from './tokenizer-json';

const wordLevel = { type: 'WordLevel', vocab: { '[UNK]': 0, a: 1, b: 2 }, unk_token: '[UNK]' };

describe('aligned text', () => {
  it('slices by original units', () => {
    const text = sliceText(alignText('a😀b', 5, true), 1, 4);
    expect(originalRange(text, 0, 1)).toEqual([6, 8]);
    expect(originalRange(text, 2, 3)).toEqual([8, 9]);
    expect(text.origin).toBe(6);
  });
  it('rewrites with added and dropped characters', () => {
    const text = rewriteText(alignText('abcd', 0, true), ['x', 'y', 'd'], [-1, 1, -0], 1);
    expect(text.text).toBe('xyd');
    expect([0, 1, 2].map((at) => originalRange(text, at, at + 1))).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });
  it('keeps ranges through a chain of normalizers', () => {
    const normalizer = readNormalizer(
      jsonPlace(
        {
          type: 'Sequence',
          normalizers: [
            { type: 'NFKC' },
            { type: 'Lowercase' },
            { type: 'Strip', strip_left: true, strip_right: true },
          ],
        },
        'x: ',
      ),
    );
    const text = normalizer(alignText(' ﬁİ ', 0, true));
    expect(text.text).toBe('fii̇');
    expect(Array.from(text.text, (_, at) => originalRange(text, at, at + 1))).toEqual([
      [1, 2],
      [1, 2],
      [2, 3],
      [2, 3],
    ]);
  });
});

describe('fromTokenizerJson', () => {
  const read = (file: unknown) => () => fromTokenizerJson(file as object, { name: 't.json' });

  it('names the path of what is wrong', () => {
    expect(read([])).toThrow(/t\.json: *: expected an object|t\.json/);
    expect(read({})).toThrow('t.json: model: expected an object, got nothing');
    expect(read({ model: { type: 'X' } })).toThrow('t.json: model.type');
    expect(read({ model: { ...wordLevel, vocab: { a: -1 } } })).toThrow('t.json: model.vocab["a"]');
    expect(read({ model: wordLevel, normalizer: { type: 'Sequence', normalizers: [{ type: 'Up' }] } })).toThrow(
      't.json: normalizer.normalizers[0].type',
    );
    expect(
      read({ model: wordLevel, pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' } }),
    ).toThrow('t.json: pre_tokenizer.pattern.Regex');
    expect(read({ model: { type: 'BPE', vocab: { a: 0 }, merges: ['a b'] } })).toThrow('t.json: model.merges[0]');
    expect(read({ model: { type: 'Unigram', vocab: [['a', 'x']], unk_id: null } })).toThrow(
      't.json: model.vocab[0][1]',
    );
    expect(() => fromTokenizerJson('{"model":', { name: 't.json' })).toThrow(/t\.json: expected JSON/);
    expect(() => fromTokenizerJson(Uint8Array.of(0xff))).toThrow(/no UTF-8/);
  });
  it('lets the file decide the algorithm', () => {
    const unigram = {
      model: {
        type: 'Unigram',
        vocab: [
          ['<unk>', 0],
          ['▁a', -1],
        ],
        unk_id: 0,
      },
    };
    expect(() => fromTokenizerJson(unigram, { kind: 'bpe' })).toThrow(/"bpe".*Unigram/);
    expect(fromTokenizerJson(unigram, { kind: 'unigram' }).info.kind).toBe('unigram');
    expect(fromTokenizerJson({ model: { vocab: { a: 0 }, merges: [] } }).info.kind).toBe('bpe');
  });
  it('keeps odd tokens apart', () => {
    const vocab = JSON.parse('{"constructor":0,"__proto__":1,"123":2,"[UNK]":3}') as object;
    const tokenizer = fromTokenizerJson({
      model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
      pre_tokenizer: { type: 'WhitespaceSplit' },
    });
    expect([...tokenizer.encode('__proto__ 123 constructor toString').ids]).toEqual([1, 2, 0, 3]);
    expect(tokenizer.idToToken(0)).toBe('constructor');
  });
  it('takes the file’s truncation and padding where nothing else is said', () => {
    const tokenizer = fromTokenizerJson({
      model: wordLevel,
      pre_tokenizer: { type: 'WhitespaceSplit' },
      truncation: { max_length: 2, stride: 0, strategy: 'LongestFirst', direction: 'Left' },
      padding: {
        strategy: { Fixed: 3 },
        direction: 'Left',
        pad_id: 7,
        pad_type_id: 1,
        pad_token: 'p',
        pad_to_multiple_of: null,
      },
    });
    const { ids, typeIds, attentionMask } = tokenizer.encode('a b a');
    expect([[...ids], [...typeIds!], [...attentionMask!]]).toEqual([
      [7, 2, 1],
      [1, 0, 0],
      [0, 1, 1],
    ]);
    expect([
      ...tokenizer.encode('a b a', { truncation: { maxLength: 9 }, padding: { length: 'longest' } }).ids,
    ]).toEqual([1, 2, 1]);
  });
  it('finds special tokens in text unless they are ordinary', () => {
    const tokenizer = fromTokenizerJson({
      model: wordLevel,
      pre_tokenizer: { type: 'WhitespaceSplit' },
      added_tokens: [
        { id: 5, content: '<s>', special: true },
        { id: 6, content: '<t>', special: false, normalized: false },
      ],
    });
    expect([...tokenizer.encode('a<s>b<t>').ids]).toEqual([1, 5, 2, 6]);
    expect([...tokenizer.encode('a <s> b<t>', { specials: 'ordinary' }).ids]).toEqual([1, 0, 2, 6]);
    expect(() => tokenizer.encode('a<s>b', { specials: 'error' })).toThrow(/<s>/);
    expect(tokenizer.count('a <s>')).toBe(2);
    expect(tokenizer.decode([1, 5, 6], { skipSpecials: true })).toBe('a <t>');
  });
});

describe('trimmed offsets', () => {
  const mask = { id: 3, content: '<m>', lstrip: true, special: true, normalized: false };
  const tokenizer = fromTokenizerJson({
    added_tokens: [mask],
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, use_regex: false },
    post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
    model: { type: 'BPE', vocab: { Ġ: 0, a: 1, ð: 2, Ł: 4, ĺ: 5, Ģ: 6 }, merges: [] },
  });
  const offsets = (text: string, unit: 'codepoint' | 'utf16' = 'codepoint') => [
    ...tokenizer.encode(text, { offsets: unit }).offsets!,
  ];

  it('leave out the white space that an added token took', () => {
    expect(offsets('a  <m>')).toEqual([0, 0, 0, 1, 3, 6]);
    expect(offsets(' <m>')).toEqual([0, 4]);
    expect(offsets('  <m>')).toEqual([2, 5]);
  });
  it('count characters where a space was put before a pair of surrogates', () => {
    expect(offsets('<m>😀')).toEqual([0, 3, 4, 4, 3, 4, 3, 4, 3, 4, 3, 4]);
    expect(offsets('<m>😀', 'utf16').slice(0, 6)).toEqual([0, 3, 5, 5, 3, 5]);
  });
});

describe('streams of decoders', () => {
  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    ['llama', llamaDecoder, ['▁', '▁x', '<0xE4>', '<0xB8>', '<0x96>', '▁y', '<0xE4>']],
    ['byte level', { type: 'ByteLevel' }, ['ä', '¸', 'ĸa', 'Ġb', 'ä']],
    ['wordpiece', { type: 'WordPiece', prefix: '##', cleanup: true }, ['un', '##do', '.', "n't"]],
    ['bpe', { type: 'BPEDecoder', suffix: '</w>' }, ['a', 'b</w>', 'c</w>']],
    ['ctc', { type: 'CTC' }, ['a', 'a', '<pad>', 'a', '|', 'b']],
    [
      'strip at both ends',
      { type: 'Sequence', decoders: [{ type: 'Fuse' }, { type: 'Strip', content: ' ', start: 0, stop: 1 }] },
      ['a ', ' '],
    ],
    [
      'regex over a joint',
      { type: 'Sequence', decoders: [{ type: 'Fuse' }, { type: 'Replace', pattern: { Regex: 'ab' }, content: 'x' }] },
      ['a', 'b'],
    ],
  ];
  it.each(cases)('%s sums to the whole', (_, json, tokens) => {
    const decoder = readDecoder(jsonPlace(json, 'x: '));
    const stage = stageOf(decoder, false);
    const parts = [...tokens.map((token) => stage.push(token).join('')), stage.end().join('')];
    expect(parts.join('')).toBe(decoder.decode(tokens).join(''));
  });
  it('shows text as soon as it is certain', () => {
    const stage = stageOf(readDecoder(jsonPlace(llamaDecoder, 'x: ')), false);
    expect(['▁Hi', '▁you', '<0xE4>', '<0xB8>', '<0x96>', 'b'].map((token) => stage.push(token).join(''))).toEqual([
      'Hi',
      ' you',
      '',
      '',
      '',
      '世b',
    ]);
  });
});

describe('patterns', () => {
  const replace = (pattern: object, text: string) =>
    readNormalizer(jsonPlace({ type: 'Replace', pattern, content: '#' }, 'x: '))(alignText(text, 0, true)).text;

  it('match nothing between characters, never inside one', () => {
    expect(replace({ Regex: '^' }, 'a😀\n😀b')).toBe('#a😀\n#😀b');
    expect(replace({ String: '' }, 'a😀')).toBe('#a#😀#');
    expect(replace({ Regex: 'a*' }, 'baac')).toBe('#b#c#');
  });
});
