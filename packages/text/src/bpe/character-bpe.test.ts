import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { byteToken } from '../bytes/byte-alphabet';
import { utf8Encode } from '../bytes/utf8';
import { createCharacterBpe } from './character-bpe';
import { createJunctions, stretchEnd } from './junctions';
import { createPairTable, setPair } from './pair-table';

const characters = ['▁', 'a', 'b', 'c', '😀', 'é'];
const merges = ['▁ a', '▁ ▁', 'a b', 'ab c', '▁a b', 'c c', '😀 a'].map(
  (merge) => merge.split(' ') as [string, string],
);

function createModel(byteFallback: boolean, fuseUnknown: boolean) {
  const tokens = ['<unk>', ...characters, ...merges.map((pair) => pair.join(''))];
  if (byteFallback) tokens.push(...Array.from({ length: 256 }, (_, byte) => byteToken(byte)));
  const vocabulary = new Map(tokens.map((token, id) => [token, id]));
  const pairs = createPairTable(merges.length);
  for (const [rank, [left, right]] of merges.entries()) {
    setPair(pairs, vocabulary.get(left)!, vocabulary.get(right)!, rank, vocabulary.get(left + right)!);
  }
  const plain = { continuingPrefix: '', endOfWordSuffix: '', ignoreMerges: false };
  const model = createCharacterBpe({ vocabulary, pairs, unknownId: 0, fuseUnknown, byteFallback, ...plain });
  return { model, vocabulary, pairs };
}

const randomWord = (seed: number, length: number): string => {
  const alphabet = ['▁', 'a', 'b', 'c', '😀', 'é', 'x', 'y', '界'];
  return Array.from(mulberry32(seed).integers(0, alphabet.length, length), (index) => alphabet[index]).join('');
};

describe('character BPE', () => {
  it.each([
    [false, false],
    [false, true],
    [true, true],
  ])('cuts long words only where nothing changes (bytes %s, fused %s)', (byteFallback, fuseUnknown) => {
    const { model } = createModel(byteFallback, fuseUnknown);
    for (let seed = 0; seed < 60; seed += 1) {
      const word = randomWord(seed, 200);
      const cut = model.encodeWord(word, {});
      // With a dropout that never comes true the word is encoded as a whole.
      const whole = model.encodeWord(word, { dropout: Number.MIN_VALUE, random: mulberry32(1) });
      expect([[...(cut.ids as Int32Array)], [...(cut.starts as Int32Array)], [...(cut.ends as Int32Array)]]).toEqual([
        [...(whole.ids as Int32Array)],
        [...(whole.starts as Int32Array)],
        [...(whole.ends as Int32Array)],
      ]);
      expect(cut.ends[cut.ends.length - 1]).toBe(utf8Encode(word).length);
    }
  });
  it('finds stretches', () => {
    const { vocabulary, pairs } = createModel(false, false);
    const junctions = createJunctions(vocabulary, pairs, 0)!;
    expect(stretchEnd(junctions, 'ab▁abc', 0)).toBe(2);
    expect(stretchEnd(junctions, '▁▁abxx▁a', 0)).toBe(6);
    expect(stretchEnd(junctions, '😀aé', 0)).toBe(3);
    setPair(pairs, 0, 1, 99, 2);
    expect(createJunctions(vocabulary, pairs, 0)).toBeUndefined();
  });
});
