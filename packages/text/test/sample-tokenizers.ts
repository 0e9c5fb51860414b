import { textTokenizer } from '../src';
import type { TextTokenizer } from '../src';
import { recoverMerges } from '../src/bpe/byte-vocabulary';
import { readTiktokenFile } from '../src/bpe/tiktoken-file';
import { pieceType, writeModelProto } from '../src/sentencepiece/model-proto';
import { createWireWriter } from '../src/sentencepiece/protobuf';
import { tinyRanks } from './tiny-ranks';

const ranks = tinyRanks();

const added = (id: number, content: string, more: object = {}) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...more,
});

/** Byte-level BPE as tokenizer.json, with what a test changes. */
export function byteLevelJson(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const saved = textTokenizer.fromTiktoken(ranks, { encoding: 'gpt2' }).save('tokenizer.json');
  return { ...(JSON.parse(new TextDecoder().decode(saved)) as Readonly<Record<string, unknown>>), ...changes };
}

const words = [
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  ...'abcdefghijklmnopqrstuvwxyz0123456789!?,.\'"-_/世界'.split('').flatMap((one) => [one, `##${one}`]),
  'the',
  'thing',
  '##ing',
  'mot',
];

const bert = {
  added_tokens: [added(1, '[CLS]'), added(2, '[SEP]'), added(3, '[MASK]', { lstrip: true })],
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: { type: 'BertProcessing', sep: ['[SEP]', 2], cls: ['[CLS]', 1] },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
  model: {
    type: 'WordPiece',
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
  },
};

const pieces: readonly (readonly [string, number])[] = [
  ['<unk>', 0],
  ['</s>', 0],
  ['▁', -2],
  ...Array.from('abcdefghijklmnopqrstuvwxyz0123456789!?,.', (one, index) => [one, -5 - index / 64] as const),
  ['▁the', -3],
  ['▁thing', -4],
  ['ing', -4.5],
  ['▁▁', -2.5],
];

const unigram = {
  added_tokens: [added(1, '</s>')],
  normalizer: { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 1 } }],
    pair: [
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 1 } },
    ],
    special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
  },
  decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  model: { type: 'Unigram', unk_id: 0, vocab: pieces },
};

/** A small SentencePiece model. */
export function tinySentencePiece(modelType: 1 | 2): Uint8Array {
  const trainer = createWireWriter();
  trainer.varint(3, modelType);
  return writeModelProto({
    pieces: pieces.map(([piece, score], id) => ({
      piece,
      score: Math.fround(score),
      type: id === 0 ? pieceType.unknown : id === 1 ? pieceType.control : pieceType.normal,
    })),
    others: [{ number: 2, type: 2, value: 0, bytes: trainer.done() }],
  });
}

/** One tokenizer of every kind that is cut, saved or counted in its own way. */
export const sampleTokenizers: readonly (readonly [name: string, TextTokenizer])[] = [
  ['cl100k_base', textTokenizer.fromTiktoken(ranks, { encoding: 'cl100k_base' })],
  [
    'o200k_harmony',
    textTokenizer.fromTiktoken(ranks, { encoding: 'o200k_base', specialTokens: { '<|end of|>': 900 } }),
  ],
  ['byte-level JSON', textTokenizer.fromJson(byteLevelJson())],
  [
    'byte-level JSON with a prefix',
    textTokenizer.fromJson(
      byteLevelJson({
        pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
        post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      }),
    ),
  ],
  ['byte-level JSON, NFC', textTokenizer.fromJson(byteLevelJson({ normalizer: { type: 'NFC' } }))],
  ['BERT', textTokenizer.fromJson(bert)],
  ['Unigram', textTokenizer.fromJson(unigram)],
  ['SentencePiece unigram', textTokenizer.fromSentencePiece(tinySentencePiece(1))],
  ['SentencePiece BPE', textTokenizer.fromSentencePiece(tinySentencePiece(2))],
];

/** Ranks and merges that {@link sampleTokenizers} are made of. */
export const sampleVocabulary = () => recoverMerges(readTiktokenFile(ranks, 'sample'), 'sample');
