import { mulberry32 } from '@tesserae/core/data';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { byteLevelJson, sampleTokenizers, tinySentencePiece } from '../../test/sample-tokenizers';
import { splitBehaviors } from '../pipeline/pre-tokenizers/split';
import { textTokenizer } from '../text-tokenizer';
import type { TextTokenizer } from './text-tokenizer';

const marker = '\u2581';
const split = (behavior: string, pattern: object, invert = false) => ({ type: 'Split', pattern, behavior, invert });
const letters = ['a', 'b', 't', 'h', 'e', 'g', 'n', '世', 'é', '👋', '1', '.', marker];
const vocab = Object.fromEntries(
  ['<unk>', ...letters, 'th', 'the', `${marker}the`, 'aa', 'aaaa', `${marker}${marker}`].map((token, id) => [
    token,
    id,
  ]),
);
const bpe = {
  type: 'BPE',
  vocab,
  merges: ['t h', 'th e', `${marker} the`, 'a a', 'aa aa', `${marker} ${marker}`],
  unk_token: '<unk>',
  fuse_unk: true,
};
const unigram = {
  type: 'Unigram',
  unk_id: 0,
  vocab: Object.keys(vocab).map((token, id) => [token, id === 0 ? 0 : -2 - id / 7]),
};
const llama = {
  type: 'Sequence',
  normalizers: [
    { type: 'Prepend', prepend: marker },
    { type: 'Replace', pattern: { String: ' ' }, content: marker },
  ],
};
const added = [
  { id: 30, content: 'nn', single_word: false, lstrip: true, rstrip: true, normalized: false, special: false },
  { id: 31, content: 'gG', single_word: false, lstrip: false, rstrip: false, normalized: true, special: true },
];
const splits = Object.fromEntries(
  splitBehaviors.flatMap((behavior) =>
    [false, true].map((invert) => [
      `${behavior}${invert ? ', inverted' : ''}`,
      {
        added_tokens: added,
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [split(behavior, { Regex: '\\s+|the|(?=n)' }, invert), { type: 'FixedLength', length: 3 }],
        },
        model: bpe,
      },
    ]),
  ),
);
const ways = new Set(Object.keys(splits));
const files: Readonly<Record<string, object>> = {
  'BPE without words': { normalizer: llama, model: bpe },
  'BPE with byte fallback and a prefix': {
    normalizer: llama,
    model: { ...bpe, byte_fallback: true, vocab: { ...vocab, '<0xC3>': 40, '<0x9F>': 41 } },
  },
  'Unigram without words': { normalizer: llama, model: unigram },
  'normalizers of every kind': {
    added_tokens: added,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Nmt' },
        { type: 'NFKD' },
        { type: 'StripAccents' },
        { type: 'Lowercase' },
        { type: 'Strip', strip_left: true, strip_right: true },
        { type: 'Replace', pattern: { Regex: '[ .]{2,}' }, content: ' ' },
        { type: 'Replace', pattern: { String: 'ge' }, content: 'eg' },
        { type: 'NFC' },
      ],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: marker, prepend_scheme: 'first', split: false },
    model: unigram,
  },
  BERT: {
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'BertPreTokenizer' }, { type: 'UnicodeScripts' }] },
    model: bpe,
  },
  ...splits,
  'splits at text': { pre_tokenizer: split('MergedWithNext', { String: 'th' }), model: bpe },
  'byte-level words': byteLevelJson({
    added_tokens: added,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Digits', individual_digits: true },
        { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  }),
};

const tokenizers: readonly (readonly [string, TextTokenizer])[] = [
  ...Object.entries(files).map(([name, file]) => [name, textTokenizer.fromJson(file)] as const),
  ...sampleTokenizers,
  ['SentencePiece unigram, again', textTokenizer.fromSentencePiece(tinySentencePiece(1))],
];

/** Long texts: of everything, and of what can hardly be cut. */
function longTexts(): readonly string[] {
  const random = mulberry32(12);
  const drawn = (alphabet: readonly string[], count: number) =>
    Array.from(random.integers(0, alphabet.length, count), (index) => alphabet[index]).join('');
  return [
    drawn(
      [...letters, ' ', '  ', 'the', ' the thing', '\n', 'ß', 'E', 'e\u0301', 'nn', ' nn ', 'gG', '한', 'İ', '\r\n'],
      30_000,
    ),
    'a'.repeat(40_000),
    ' '.repeat(36_000),
    drawn(['世', '界', '👋'], 40_000),
  ];
}

const fields = ['ids', 'offsets', 'wordIds', 'typeIds', 'attentionMask', 'sequenceIds', 'tokens'] as const;

/** Faster than a comparison that shows the differences. */
const isSame = (one: ArrayLike<unknown> | undefined, other: ArrayLike<unknown> | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

describe('long texts that cannot be cut', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(tokenizers)('%s: the parts are the whole', async (name, tokenizer) => {
    // The ways to split differ in texts of everything only.
    for (const text of ways.has(name) ? longTexts().slice(0, 1) : longTexts()) {
      const pause = vi.fn(async () => undefined);
      vi.spyOn(performance, 'now').mockImplementation(counted());
      const options = { specials: 'allow' as const };
      const parts = await tokenizer.encodeAsync(text, { ...options, pause });
      expect(isSame(parts.ids, tokenizer.encode(text, options).ids)).toBe(true);
      expect(pause.mock.calls.length).toBeGreaterThanOrEqual(text.length >> 14);
      const placed = await tokenizer.encodeAsync(text, { ...options, offsets: 'codepoint', pause });
      const whole = tokenizer.encode(text, { ...options, offsets: 'codepoint' });
      for (const field of fields) expect(isSame(placed[field], whole[field])).toBe(true);
    }
  });
  it('stops at a signal', async () => {
    vi.spyOn(performance, 'now').mockImplementation(counted());
    const controller = new AbortController();
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses === 2) controller.abort(new Error('enough'));
    };
    const [, tokenizer] = tokenizers[0]!;
    const encoding = tokenizer.encodeAsync('a '.repeat(50_000), { pause, signal: controller.signal });
    await expect(encoding).rejects.toThrow('enough');
    expect(pauses).toBe(2);
  });
  it('may be encoded while others are', async () => {
    const [text] = longTexts() as [string];
    const some = ['BPE without words', 'Unigram without words', 'cl100k_base', 'SentencePiece BPE'];
    for (const [name, tokenizer] of tokenizers) {
      if (!some.includes(name)) continue;
      const expected = tokenizer.encode(text, { specials: 'allow' }).ids;
      vi.spyOn(performance, 'now').mockImplementation(counted());
      const both = [0, 1].map(() => tokenizer.encodeAsync(text, { specials: 'allow' }));
      for (const { ids } of await Promise.all(both)) expect(isSame(ids, expected)).toBe(true);
    }
  });
});

/** A clock that is ten milliseconds later every time, so that there is a pause wherever there can be one. */
function counted(): () => number {
  let time = 0;
  return () => (time += 10);
}
