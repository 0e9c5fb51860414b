import { readFileSync } from 'node:fs';
import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { tinyModel } from '../../test/tiny-model';
import { byteToken } from '../bytes/byte-alphabet';
import { utf8Encode } from '../bytes/utf8';
import { pieceType, readModelProto, writeModelProto } from './model-proto';
import { readFields } from './protobuf';
import { fromSentencePiece } from './sentencepiece';
import { createHeap } from './std-heap';

const unknown = ['<unk>', 0, pieceType.unknown] as const;
const unigram = tinyModel(
  [
    unknown,
    ['<s>', 0, pieceType.control],
    ['</s>', 0, pieceType.control],
    ['▁a', -1],
    ['b', -2],
    ['ab', -1.5],
    ['▁', -3],
    ['a', -2.5],
  ],
  { 3: 1 },
);

/** Characters, a few merges, and bytes for all else. */
const bpe = tinyModel(
  [
    unknown,
    ...Array.from({ length: 256 }, (_, byte) => [byteToken(byte), 0, pieceType.byte] as const),
    ...['▁t', 'he', '▁the', 'll', 'hell', '▁w'].map((piece, index) => [piece, -index] as const),
    ...[...'▁thelwor'].map((piece, index) => [piece, -10 - index] as const),
  ],
  { 3: 2, 35: 1 },
);

describe('model files', () => {
  it.each([
    [
      'unigram-suffix',
      readFileSync(new URL('../../test/fixtures/sentencepiece/unigram-suffix/tokenizer.model', import.meta.url)),
    ],
    ['bpe', bpe],
  ])('%s is written as it was read', (name, bytes) => {
    expect(Buffer.compare(writeModelProto(readModelProto(bytes, name)), bytes)).toBe(0);
  });
  it('name what is wrong', () => {
    expect(() => readModelProto(utf8Encode('no model at all'), 'x.model')).toThrow(/x\.model/);
    expect(() => readModelProto(new Uint8Array(), 'x.model')).toThrow(/with pieces/);
    expect(() => readModelProto(Uint8Array.of(10, 100), 'x.model')).toThrow(/100 bytes/);
    expect(() => fromSentencePiece(tinyModel([['a', 0]], { 3: 1 }))).toThrow(/unknown piece/);
    expect(() => fromSentencePiece(tinyModel([unknown, ['a', 0], ['a', 0]], { 3: 1 }))).toThrow(/pieces\[2\]/);
    expect(() => fromSentencePiece(tinyModel([unknown], { 3: 1, 35: 1 }))).toThrow(/<0x00>/);
    expect(() => fromSentencePiece(tinyModel([unknown], { 3: 9 }))).toThrow(/model_type/);
  });
  it('keep negative numbers of the wire', () => {
    const bytes = Uint8Array.of(0xd8, 0x02, ...new Array<number>(9).fill(0xff), 0x01);
    expect(readFields(bytes, 'x')[0]).toMatchObject({ number: 43, value: -1 });
  });
});

describe('unigram', () => {
  const tokenizer = fromSentencePiece(unigram);

  it('lists segmentations best first', () => {
    const found = tokenizer.nbest('ab', 10);
    expect(found.map(({ ids }) => [...ids])).toEqual([
      [3, 4],
      [6, 5],
      [6, 7, 4],
    ]);
    expect(found.map(({ score }) => score)).toEqual([-3, -4.5, -7.5]);
    expect([...tokenizer.encode('ab').ids]).toEqual([3, 4]);
  });
  it('samples in proportion', () => {
    const random = mulberry32(5);
    const counts = new Map<string, number>();
    for (let round = 0; round < 4000; round += 1) {
      const key = tokenizer.encode('ab', { sampling: { alpha: 1 }, random }).ids.join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const total = Math.exp(-3) + Math.exp(-4.5) + Math.exp(-7.5);
    expect(counts.get('3 4')! / 4000).toBeCloseTo(Math.exp(-3) / total, 1);
    expect(counts.get('6 5')! / 4000).toBeCloseTo(Math.exp(-4.5) / total, 1);
    const nbest = new Set<string>();
    for (let round = 0; round < 200; round += 1) {
      nbest.add(tokenizer.encode('ab', { sampling: { nbestSize: 2, alpha: 0.1 }, random }).ids.join(' '));
    }
    expect([...nbest].toSorted()).toEqual(['3 4', '6 5']);
  });
  it('measures entropy', () => {
    const weights = [-3, -4.5, -7.5].map((score) => Math.exp(score));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const entropy = -weights.reduce((sum, weight) => sum + (weight / total) * Math.log(weight / total), 0);
    expect(tokenizer.entropy('ab', 1)).toBeCloseTo(entropy, 5);
  });
  it('adds what the model has', () => {
    expect([...tokenizer.encode('ab', { addSpecialTokens: true, pair: 'b' }).ids]).toEqual([1, 3, 4, 2, 1, 6, 4, 2]);
    expect([...tokenizer.encode('<s>ab', { specials: 'allow' }).ids]).toEqual([1, 3, 4]);
    expect(tokenizer.decode([1, 3, 4, 2])).toBe('ab');
    expect(() => tokenizer.decode([99])).toThrow(/99/);
  });
});

describe('other models', () => {
  it('cut words', () => {
    const tokenizer = fromSentencePiece(tinyModel([unknown, ['▁hello', 0], ['▁world', 0]], { 3: 3 }));
    expect([...tokenizer.encode(' hello  world x').ids]).toEqual([1, 2, 0]);
    expect(() => tokenizer.nbest('a', 2)).toThrow(/unigram/);
  });
  it('merge by score and fall back to bytes', () => {
    const tokenizer = fromSentencePiece(bpe);
    const { ids, tokens, offsets } = tokenizer.encode('the wé', { offsets: 'utf16' });
    expect(tokens).toEqual(['▁the', '▁w', '<0xC3>', '<0xA9>']);
    expect([...offsets!]).toEqual([0, 3, 3, 5, 5, 5, 5, 6]);
    expect(tokenizer.decode(ids)).toBe('the wé');
    expect(tokenizer.pieces(ids)).toEqual(['the', ' w', '', 'é']);
  });
  it('drop merges of BPE for good', () => {
    const tokenizer = fromSentencePiece(bpe);
    const text = 'the hell the hell the hell';
    expect(tokenizer.encode(text, { dropout: 1, random: mulberry32(1) }).ids.length).toBe(text.length + 1);
    const some = tokenizer.encode(text, { dropout: 0.5, random: mulberry32(1) }).ids;
    expect(some.length).toBeGreaterThan(tokenizer.encode(text).ids.length);
    expect(tokenizer.decode(some)).toBe(text);
  });
});

describe('createHeap', () => {
  it('sorts', () => {
    const heap = createHeap<number>((left, right) => left < right);
    const values = [...mulberry32(2).permutation(300)];
    for (const value of values) heap.push(value);
    expect(values.map(() => heap.pop())).toEqual(values.toSorted((left, right) => right - left));
    expect(heap.pop()).toBeUndefined();
  });
});
