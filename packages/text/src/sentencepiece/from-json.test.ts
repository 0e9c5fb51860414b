import { describe, expect, it } from 'vitest';
import { llamaDecoder, llamaNormalizer, llamaTemplate } from '../../test/llama-parts';
import { randomTexts } from '../../test/random-text';
import { byteLevelJson, tinySentencePiece } from '../../test/sample-tokenizers';
import { fromTokenizerJson } from '../pipeline/tokenizer-json';
import { fromSentencePiece } from './sentencepiece';

const alphabet = [...'abcdefgh thing   the ', '  ', 'the', ' ', 'ü', '世', '\n', '▁', '\u00a0', '👋🏽'];
const texts = randomTexts(300, 33, alphabet).concat(['', ' ', '   ', ' the  thing ', 'the\n the']);
const fileOf = (type: 1 | 2) =>
  JSON.parse(new TextDecoder().decode(fromSentencePiece(tinySentencePiece(type)).save('tokenizer.json'))) as {
    readonly model: object;
    readonly added_tokens: readonly object[];
    readonly normalizer: { readonly normalizers: readonly object[] };
    readonly decoder: object;
  };

/** Llama 2 in little: bytes, a token before the text, merges in the order of their scores. */
const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
const letters = ['▁', 't', 'h', 'e', 'a', '世'];
const made = ['th', 'he', 'the', '▁t', '▁the', '▁th', '▁▁'];
const llama = {
  added_tokens: ['<unk>', '<s>'].map((content, id) => ({ id, content, special: true, normalized: false })),
  normalizer: llamaNormalizer,
  post_processor: llamaTemplate(0),
  decoder: llamaDecoder,
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(['<unk>', '<s>', ...bytes, ...letters, ...made].map((token, id) => [token, id])),
    merges: ['t h', 'h e', 't he', 'th e', '▁ t', '▁ the', '▁t he', '▁th e', '▁ th', '▁t h', '▁ ▁'],
    unk_token: '<unk>',
    fuse_unk: true,
    byte_fallback: true,
  },
};

describe('a tokenizer.json as a SentencePiece model', () => {
  it.each([
    ['unigram', fileOf(1)],
    ['BPE', fileOf(2)],
    ['Llama 2 in little', llama],
  ])('gives the same ids and texts: %s', (_name, file) => {
    const json = fromTokenizerJson(file);
    const model = fromSentencePiece(json.save('sentencepiece'));
    expect(model.info.vocabularySize).toBe(json.info.vocabularySize);
    for (const text of texts) {
      const ids = [...json.encode(text).ids];
      expect([...model.encode(text, { addSpecialTokens: true, specials: 'allow' }).ids]).toEqual(ids);
      const ordinary = [...json.encode(text, { addSpecialTokens: false }).ids];
      expect(model.decode(ordinary)).toBe(json.decode(ordinary));
    }
  });
  it('comes back from the file that a SentencePiece model was saved as', () => {
    const given = fromSentencePiece(tinySentencePiece(1));
    const again = fromSentencePiece(fromTokenizerJson(given.save('tokenizer.json')).save('sentencepiece'));
    expect(again.file.pieces).toEqual(given.file.pieces);
    expect(again.file.normalizer).toMatchObject({ addDummyPrefix: true, removeExtraWhitespaces: true });
  });
  const { model } = llama;
  const unigram = fileOf(1);
  it.each<readonly [string, object, RegExp]>([
    ['truncation', { ...llama, truncation: { max_length: 4 } }, /truncation/],
    ['a model of words', { model: { type: 'WordLevel', vocab: { a: 0 }, unk_token: 'a' } }, /model\.type is WordLevel/],
    ['unfused unknown text', { ...llama, model: { ...model, fuse_unk: false } }, /model\.fuse_unk/],
    ['a suffix', { ...llama, model: { ...model, end_of_word_suffix: '</w>' } }, /model\.end_of_word_suffix/],
    ['tokens in any text', { ...llama, added_tokens: [{ id: 2, content: '<0x00>' }] }, /added_tokens\[0\]/],
    ['no unknown token', { ...llama, model: { ...model, unk_token: null } }, /model\.unk_token/],
    ['gaps', { ...llama, model: { ...model, vocab: { ...model.vocab, x: 999 } } }, /no token of id/],
    ['a merge that is missing', { ...llama, model: { ...model, merges: model.merges.slice(1) } }, /"t" and "h"/],
    [
      'merges out of order',
      { ...llama, model: { ...model, merges: [...model.merges.slice(0, 3), ...model.merges.slice(4), 'th e'] } },
      /model\.merges\[10\].*"the"/,
    ],
    [
      'missing bytes',
      {
        ...llama,
        model: {
          ...model,
          vocab: Object.fromEntries(Object.entries(model.vocab).map(([t, id]) => [t.replace('<0x41>', 'A'), id])),
        },
      },
      /byte_fallback has no token <0x41>/,
    ],
    ['other normalizers', { ...llama, normalizer: { type: 'NFC' } }, /normalizer has the step 0 \(NFC\)/],
    ['spaces as they are', { ...llama, normalizer: null }, /normalizer does not write/],
    ['other decoders', { ...llama, decoder: null }, /decoder/],
    [
      'two tokens before a text',
      {
        ...llama,
        post_processor: {
          ...llama.post_processor,
          single: [...llama.post_processor.single.slice(0, 1), ...llama.post_processor.single],
        },
      },
      /post_processor/,
    ],
    [
      'a marker before some texts',
      { ...llama, pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' } },
      /pre_tokenizer\.prepend_scheme/,
    ],
    [
      'scores that are no float32',
      {
        ...unigram,
        model: {
          ...unigram.model,
          vocab: [
            ['<unk>', 0],
            ['</s>', 0],
            ['a', -0.1],
          ],
        },
      },
      /model\.vocab\[2\].*float32/,
    ],
    ['byte-level BPE', byteLevelJson(), /model\.|pre_tokenizer|normalizer|decoder/],
  ])('refuses %s by its path', (_name, file, message) => {
    expect(() => fromTokenizerJson(file).save('sentencepiece')).toThrow(message);
  });
});
