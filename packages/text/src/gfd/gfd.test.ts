import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { utf8Encode } from '../bytes/utf8';
import { logSoftmax } from '../numeric/softmax';
import { byteStringLogProbability } from './byte-string-log-probability';
import { encodeBytes } from './encode-bytes';
import { fuseScores } from './fuse-scores';
import { fusedDecode, type FusionLanguageModel, type FusionRecognizer } from './fused-decode';
import { shapeLogits } from './logit-shaping';
import { alternativeIds, createPrefixIndex, idsWithProperPrefix } from './prefix-index';

const vocabulary = ['a', 'b', 'ab', 'abc', 'bc', 'c', 'ca', ''].map(utf8Encode);
const index = createPrefixIndex(vocabulary);

describe('prefix index', () => {
  it('finds the tokens that go on after a prefix', () => {
    expect([...idsWithProperPrefix(index, utf8Encode('a'))]).toEqual([2, 3]);
    expect([...idsWithProperPrefix(index, utf8Encode('ab'))]).toEqual([3]);
    expect([...idsWithProperPrefix(index, utf8Encode('abc'))]).toEqual([]);
    expect([...idsWithProperPrefix(index, utf8Encode('x'))]).toEqual([]);
  });

  it('agrees with a search through the whole vocabulary', () => {
    const random = mulberry32(3);
    const tokens = Array.from({ length: 300 }, () =>
      Uint8Array.from(random.integers(0, 3, random.integers(0, 5, 1)[0]!)),
    );
    const built = createPrefixIndex(tokens);
    for (let trial = 0; trial < 200; trial += 1) {
      const prefix = Uint8Array.from(random.integers(0, 3, random.integers(1, 4, 1)[0]!));
      const expected = tokens.flatMap((token, id) =>
        token.length > prefix.length && prefix.every((byte, at) => token[at] === byte) ? [id] : [],
      );
      expect([...idsWithProperPrefix(built, prefix)]).toEqual(expected);
    }
  });

  it('gives no alternatives to an empty sequence or to tokens without bytes', () => {
    expect(alternativeIds(index, [])).toEqual([]);
    expect(alternativeIds(index, [7]).map((ids) => [...ids])).toEqual([[]]);
    expect(alternativeIds(index, [0, 1]).map((ids) => [...ids])).toEqual([[3], [4]]);
  });
});

/** Log-probabilities of an independent draw: the same for every position. */
const flat = logSoftmax([0.2, -1, 0.5, 0.7, -0.3, 0.1, 0.9, -5]);
const independent = (ids: ArrayLike<number>) => ({
  values: Float64Array.from({ length: ids.length * flat.length }, (_, at) => flat[at % flat.length]!),
  columns: flat.length,
});

describe('byteStringLogProbability', () => {
  it('is the sum over the tokenizations that a longer token ends', () => {
    const ids = [7, 0, 1];
    const found = byteStringLogProbability({
      ids,
      start: 1,
      alternatives: alternativeIds(index, ids),
      logits: independent(ids),
      exact: true,
    });
    // a b | abc | a bc
    const sum = Math.exp(flat[0]! + flat[1]!) + Math.exp(flat[3]!) + Math.exp(flat[0]! + flat[4]!);
    expect(found.logProbability).toBeCloseTo(Math.log(sum), 12);
  });

  it('counts the prompt as given', () => {
    const ids = [7, 3, 3, 5];
    const alternatives = ids.map(() => []);
    const found = byteStringLogProbability({ ids, start: 3, alternatives, logits: independent(ids) });
    expect(found).toEqual({ logProbability: expect.closeTo(flat[5]!, 12), lengthAdjustment: 0 });
  });

  it('refuses what does not fit together', () => {
    const ids = [7, 0];
    const query = { ids, start: 1, alternatives: [[], []], logits: independent(ids) };
    expect(() => byteStringLogProbability({ ...query, start: 0 })).toThrow('start: expected 1..2, got 0');
    expect(() => byteStringLogProbability({ ...query, alternatives: [] })).toThrow('2 lists');
    expect(() => byteStringLogProbability({ ...query, logits: independent([0]) })).toThrow('2 rows');
    expect(() => byteStringLogProbability({ ...query, ids: [7, 99] })).toThrow('ids below 8, got 99');
  });
});

describe('shapeLogits', () => {
  it('divides positive logits of recent tokens and multiplies negative ones', () => {
    const logits = { values: Float32Array.of(4, -4, 2, 4, -4, 2), columns: 3 };
    const shaped = shapeLogits(logits, [1, 0], { temperature: 2, repetitionPenalty: 2 });
    expect([...shaped.values]).toEqual([2, -2, 1, 2, -4, 1]);
    expect([...shapeLogits(logits, [1, 0], { temperature: 1, repetitionPenalty: 1 }).values]).toEqual([
      ...logits.values,
    ]);
    expect(() => shapeLogits(logits, [1, 0], { temperature: 0 })).toThrow('temperature');
  });
});

describe('encodeBytes', () => {
  const byteIds = Int32Array.from({ length: 256 }, (_, byte) => 1000 + byte);
  const encode = (text: string) => Array.from(text, (character) => character.codePointAt(0)!);

  it('gives byte tokens to what is no text', () => {
    expect(encodeBytes(Uint8Array.of(0x61, 0xe6, 0x97), encode, byteIds)).toEqual([0x61, 1000 + 0xe6, 1000 + 0x97]);
    expect(encodeBytes(Uint8Array.of(0xff, 0xc3, 0xa9), encode, byteIds)).toEqual([1255, 0xe9]);
    expect(encodeBytes(new Uint8Array(0), encode, byteIds)).toEqual([]);
  });

  it('names a byte without a token', () => {
    expect(() => encodeBytes(Uint8Array.of(255), encode, [])).toThrow('none for 255');
  });
});

describe('fuseScores', () => {
  it('weighs both models per token', () => {
    expect(fuseScores({ logProbability: -4, length: 2 }, { logProbability: -9, length: 3 })).toBeCloseTo(-2.2, 12);
  });

  it('gives the floor to nothing, NaN and minus infinity', () => {
    for (const logProbability of [undefined, Number.NaN, -Infinity]) {
      expect(fuseScores({ logProbability, length: 1 }, { logProbability: 0, length: 0 }, { floor: -50 })).toBe(-50);
    }
  });
});

describe('fusedDecode', () => {
  const tokens = ['w', 'x', 'o', 'r', ''].map(utf8Encode);
  const target = [2, 3];
  // The recognizer hears "w" and "x" alike; after it "or" and the end are clear.
  const recognizer: FusionRecognizer = {
    tokens,
    endId: 4,
    logProbabilities: (ids) => {
      const logits = [-9, -9, -9, -9, -9];
      if (ids.length === 0) logits[2] = 2;
      else if (ids.length === 1) Object.assign(logits, { 0: 1, 1: 1.05 });
      else logits[target[ids.length - 2] ?? 4] = 5;
      return logSoftmax(logits);
    },
  };
  const letters = createPrefixIndex(['<', 'o', 'w', 'x', 'r'].map(utf8Encode));
  const languageModel: FusionLanguageModel = {
    index: letters,
    prompt: [0],
    encode: (bytes) => Array.from(bytes, (byte) => '<owxr'.indexOf(String.fromCharCode(byte))),
    logits: (ids) => {
      const row = [-9, 0, 3, -3, 0];
      return Promise.resolve({ values: Float32Array.from(ids.flatMap(() => row)), columns: 5 });
    },
  };

  it('lets the language model decide what the recognizer cannot', async () => {
    const [fused] = await fusedDecode(recognizer, languageModel, { ratio: 0.5 });
    expect(new TextDecoder().decode(fused!.bytes)).toBe('owor');
    const [alone] = await fusedDecode(recognizer, languageModel, { ratio: 0 });
    expect(new TextDecoder().decode(alone!.bytes)).toBe('oxor');
  });

  it('ends hypotheses by length and can prefer the longest', async () => {
    const beams = await fusedDecode(recognizer, languageModel, { maxLength: 1, select: 'longest' });
    expect(beams[0]!.ids).toHaveLength(2);
    expect(beams.every(({ ended }) => ended)).toBe(true);
  });

  it('stops on a signal and refuses no beams', async () => {
    await expect(fusedDecode(recognizer, languageModel, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
    await expect(fusedDecode(recognizer, languageModel, { beams: 0 })).rejects.toThrow('beams');
  });
});
