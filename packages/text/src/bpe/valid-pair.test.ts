import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { tinyRanks } from '../../test/tiny-ranks';
import { utf8Encode } from '../bytes/utf8';
import { r50kBase } from '../vocabularies/r50k_base';
import { recoverMerges } from './byte-vocabulary';
import { fromTiktoken } from './from-tiktoken';
import { unpackVocabulary } from './packed-vocabulary';
import { readTiktokenFile } from './tiktoken-file';
import { bytesOfToken, idCount, joinTokenBytes } from './token-bytes';
import { createValidPair, isOwnEncoding } from './valid-pair';

/** Half of the pairs at random, half cut out of tokens, where one is more often not valid. */
function randomPairs(vocabulary: ReturnType<typeof recoverMerges>, count: number, seed: number): [number, number][] {
  const ids = Array.from({ length: vocabulary.count }, (_, id) => id).filter(
    (id) => bytesOfToken(vocabulary.tokens, id).length > 0,
  );
  const byText = new Map(ids.map((id) => [bytesOfToken(vocabulary.tokens, id).join(), id]));
  const random = mulberry32(seed);
  const drawn = random.integers(0, ids.length, count * 2);
  const cuts = random.integers(0, 1 << 20, count);
  return Array.from({ length: count }, (_, index) => {
    const [left, right] = [ids[drawn[index * 2]!]!, ids[drawn[index * 2 + 1]!]!];
    const bytes = bytesOfToken(vocabulary.tokens, left);
    if (index % 2 === 0 || bytes.length < 2) return [left, right];
    const cut = 1 + (cuts[index]! % (bytes.length - 1));
    const [first, second] = [byText.get(bytes.slice(0, cut).join()), byText.get(bytes.slice(cut).join())];
    return [first ?? left, second ?? right];
  });
}

describe('createValidPair', () => {
  it.each([
    ['tiny ranks', () => recoverMerges(readTiktokenFile(tinyRanks(), 'tiny'), 'tiny')],
    ['r50k_base', () => unpackVocabulary(r50kBase)],
  ])('agrees with encoding again on 100,000 pairs of %s', (_, open) => {
    const vocabulary = open();
    const isValid = createValidPair(vocabulary);
    let valid = 0;
    const pairs = randomPairs(vocabulary, 100_000, 3);
    const wrong = pairs.filter(([left, right]) => {
      const found = isValid(left, right);
      if (found) valid += 1;
      return found !== isOwnEncoding(vocabulary, left, right);
    });
    expect(wrong).toEqual([]);
    expect(valid).toBeGreaterThan(20_000);
    expect(valid).toBeLessThan(95_000);
  });
  it('encodes again where a token can be made in several ways', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    const tokens = joinTokenBytes([...bytes, ...['abc', 'ab', 'bc'].map((text) => utf8Encode(text))]);
    const vocabulary = recoverMerges(tokens, 'odd');
    expect(idCount(tokens)).toBe(259);
    const isValid = createValidPair(vocabulary);
    expect(isValid(257, 0x63)).toBe(false);
    expect(isValid(257, 0x64)).toBe(true);
  });
  it('is open to callers', () => {
    const tokenizer = fromTiktoken(tinyRanks(), { encoding: 'cl100k_base', specialTokens: { '<|a|>': 500 } });
    const { ids } = tokenizer.encode('there');
    for (let index = 0; index + 1 < ids.length; index += 1) {
      expect(tokenizer.validPair(ids[index]!, ids[index + 1]!)).toBe(true);
    }
    const [t, h] = ['t', 'h'].map((letter) => tokenizer.encodeSingleToken(letter));
    expect(tokenizer.validPair(t!, h!)).toBe(false);
    expect(() => tokenizer.validPair(500, t!)).toThrow(/500/);
  });
});
