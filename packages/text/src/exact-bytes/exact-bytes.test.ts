import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { tinyModel } from '../../test/tiny-model';
import { fromTiktoken } from '../bpe/from-tiktoken';
import { writeTiktokenFile } from '../bpe/tiktoken-file';
import { joinTokenBytes } from '../bpe/token-bytes';
import { byteToken } from '../bytes/byte-alphabet';
import { utf8Encode } from '../bytes/utf8';
import { pieceType } from '../sentencepiece/model-proto';
import { fromSentencePiece } from '../sentencepiece/sentencepiece';
import { ensembleBytes } from './byte-ensemble';
import { byteLevelCovers } from './byte-level-covers';
import { advanceBytes, type BytePredictor, startBytes } from './byte-state';
import type { CoverTokenizer } from './cover-tokenizer';
import { fillInTheMiddle } from './fill-in-the-middle';
import { generateBytes } from './generate-bytes';
import { sentencePieceCovers } from './sentencepiece-covers';
import { sampleSymbol, temperProbabilities } from './shape-bytes';

const characters = ['a', 'b', 'é', ' '];
const length = 5;

/** All strings of five characters with their probabilities under a law that draws each by the one before it. */
function allStrings(): Map<string, number> {
  const random = mulberry32(11);
  const law = characters.map(() => {
    const row = random.uniform(characters.length).map((value) => value + 0.05);
    const total = row.reduce((sum, value) => sum + value, 0);
    return Array.from(row, (value) => value / total);
  });
  let strings = new Map([['', 1]]);
  for (let step = 0; step < length; step += 1) {
    strings = new Map(
      [...strings].flatMap(([text, probability]) => {
        const row = law[Math.max(0, characters.indexOf(text.at(-1) ?? 'a'))]!;
        return characters.map((character, place) => [text + character, probability * row[place]!] as const);
      }),
    );
  }
  return strings;
}

const strings = allStrings();

/** How much of the law begins with each sequence, and with each sequence and one more. */
function countPrefixes(sequences: readonly (readonly [readonly number[], number])[]): Map<string, Map<number, number>> {
  const counts = new Map<string, Map<number, number>>();
  for (const [sequence, probability] of sequences) {
    for (const [place, next] of sequence.entries()) {
      const key = sequence.slice(0, place).join();
      const row = counts.get(key) ?? new Map<number, number>();
      row.set(next, (row.get(next) ?? 0) + probability);
      counts.set(key, row);
    }
  }
  return counts;
}

/** The token model of a tokenizer that follows the law, and the law over bytes; `end` ends every string. */
function toy(tokenizer: CoverTokenizer, encode: (text: string) => Int32Array, end: number) {
  const begin = tokenizer.begin;
  const symbol = 256 + tokenizer.specials.indexOf(end);
  const tokenLaw = countPrefixes([...strings].map(([text, p]) => [[...begin, ...encode(text), end], p]));
  const byteLaw = countPrefixes([...strings].map(([text, p]) => [[...tokenizer.bytesOf(text), symbol], p]));
  const model = {
    logProbabilities(ids: readonly number[]) {
      const row = new Float64Array(tokenizer.index.tokens.length).fill(-Infinity);
      const found = tokenLaw.get(ids.join()) ?? new Map<number, number>();
      const total = [...found.values()].reduce((sum, value) => sum + value, 0);
      for (const [id, value] of found) row[id] = Math.log(value / total);
      return row;
    },
  };
  return { predictor: { model, tokenizer } satisfies BytePredictor, byteLaw };
}

/** A BPE model of a few pieces and bytes, the first pieces merged first; `prefix` puts a space in front of texts. */
const sentencePieceOf = (pieces: readonly string[], prefix: boolean) =>
  fromSentencePiece(
    tinyModel(
      [
        ['<unk>', 0, pieceType.unknown],
        ['<s>', 0, pieceType.control],
        ['</s>', 0, pieceType.control],
        ...Array.from({ length: 256 }, (_, byte) => [byteToken(byte), 0, pieceType.byte] as const),
        ...pieces.map((piece, place) => [piece, -place] as const),
      ],
      { 3: 2, 35: 1 },
      { 3: prefix ? 1 : 0, 4: 0 },
    ),
  );
const sentencePiece = sentencePieceOf(['▁a', 'ab', '▁ab', 'ba', 'aa', '▁▁', 'bb', '▁', 'a', 'b'], true);
const joined = sentencePieceOf(['a▁', 'b▁', 'b▁b', '▁▁', 'ab', 'ab▁', '▁', 'a', 'b'], false);
const merges = ['ab', ' a', ' ab', 'ba', '  ', 'bb'].map(utf8Encode);
/** Tokens that end or begin inside `é`, C3 A9. */
const halves = [Uint8Array.of(0x62, 0xc3), Uint8Array.of(0xa9, 0x61), Uint8Array.of(0x20, 0xc3)];
const ranks = fromTiktoken(
  writeTiktokenFile(
    joinTokenBytes([...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), ...merges, ...halves]),
  ),
  { encoding: 'cl100k_base', specialTokens: { '<|end|>': 300 } },
);

const toys = {
  'a SentencePiece model': toy(sentencePieceCovers(sentencePiece), (text) => sentencePiece.encode(text).ids, 2),
  'a SentencePiece model that joins words': toy(sentencePieceCovers(joined), (text) => joined.encode(text).ids, 2),
  'a rank file': toy(byteLevelCovers(ranks), (text) => ranks.encode(text).ids, 300),
};

const prompts = ['', 'bé', '  ', 'b a', 'a bé'];

describe.each(Object.entries(toys))('bytes of %s', (_, { predictor, byteLaw }) => {
  const expectLaw = (probabilities: Float64Array, bytes: Uint8Array) => {
    const law = byteLaw.get([...bytes].join())!;
    const total = [...law.values()].reduce((sum, value) => sum + value, 0);
    const errors = probabilities.map((value, symbol) => Math.abs(value - (law.get(symbol) ?? 0) / total));
    expect(Math.max(...errors)).toBeLessThan(1e-9);
  };

  it.each([false, true])(
    'have the law of the source after every text and inside of characters (fast: %s)',
    async (isFast) => {
      const own = { ...predictor, isFast };
      for (const prompt of prompts) {
        let state = await startBytes(own, prompt);
        for (let step = 0; step < 3; step += 1) {
          expectLaw(state.probabilities, state.bytes);
          const next = [...state.probabilities.slice(0, 256).entries()].filter(([, value]) => value > 1e-12);
          if (next.length === 0) break;
          // The first time the beginning of `é` where it may come, so that states inside of it are met.
          const [byte] = next.find(([value]) => value === 0xc3 && step % 2 === 0) ?? next[step % next.length]!;
          state = await advanceBytes(own, state, byte);
        }
      }
    },
  );

  it('have probabilities of strings that sum to 1', async () => {
    let states = [await startBytes(predictor, '')];
    for (let step = 0; step < 2; step += 1) {
      const next = states.flatMap((state) =>
        [...state.probabilities.slice(0, 256).entries()]
          .filter(([, value]) => value > 0)
          .map(([byte]) => advanceBytes(predictor, state, byte)),
      );
      states = await Promise.all(next);
      const total = states.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0);
      expect(total).toBeCloseTo(1, 9);
    }
  });

  it('do not depend on where the text ends and the bytes begin', async () => {
    const whole = await startBytes(predictor, 'ab a');
    let state = await startBytes(predictor, 'a');
    for (const byte of whole.bytes.subarray(state.bytes.length)) state = await advanceBytes(predictor, state, byte);
    const errors = whole.probabilities.map((value, symbol) => Math.abs(value - state.probabilities[symbol]!));
    expect(Math.max(...errors)).toBeLessThan(1e-9);
  });

  it('are those of one model in an ensemble of equals', async () => {
    const { probabilities } = await startBytes(predictor, 'ab');
    const mean = ensembleBytes([probabilities, probabilities], probabilities.length, [1, 3]);
    expect(Math.max(...mean.map((value, symbol) => Math.abs(value - probabilities[symbol]!)))).toBeLessThan(1e-12);
    const options = { maxBytes: 12, random: mulberry32(5) };
    const alone = await generateBytes([predictor], 'ab', options);
    const twice = await generateBytes([predictor, predictor], 'ab', { ...options, random: mulberry32(5) });
    expect(twice).toMatchObject({ bytes: alone.bytes, end: alone.end });
    expect(twice.logProbability).toBeCloseTo(alone.logProbability, 9);
  });

  it('end where the string ends', async () => {
    const { bytes, end } = await generateBytes([predictor], 'ab', { temperature: 0 });
    const state = await startBytes(predictor, 'ab');
    expect(new TextDecoder().decode(Uint8Array.of(...state.bytes, ...bytes)).length).toBeGreaterThanOrEqual(length);
    expect(end).toBeGreaterThan(255);
  });

  it('say what is wrong', async () => {
    const state = await startBytes(predictor, 'a');
    await expect(advanceBytes(predictor, state, 0x7a)).rejects.toThrow(/byte/);
    await expect(advanceBytes(predictor, state, 256)).rejects.toThrow(/0\.\.255/);
    await expect(startBytes(predictor, 'zz')).rejects.toThrow(/probability 0/);
    const short = { ...predictor, model: { logProbabilities: () => [0] } };
    await expect(startBytes(short, 'a')).rejects.toThrow(/one a token/);
    await expect(generateBytes([], 'a')).rejects.toThrow(/at least one/);
    await expect(generateBytes([predictor], 'a', { maxBytes: -1 })).rejects.toThrow(/maxBytes/);
    await expect(generateBytes([predictor], 'a')).rejects.toThrow(/random/);
    await expect(generateBytes([predictor], 'a', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

describe('sampling of symbols', () => {
  it('takes the best, or draws by the tempered law', () => {
    expect(sampleSymbol([0.2, 0.5, 0.3], { temperature: 0.05 })).toBe(1);
    const sharp = temperProbabilities([0.25, 0.75], 0.5);
    expect(sharp[1]).toBeCloseTo(0.9, 6);
    const random = mulberry32(1);
    const drawn = Array.from({ length: 2000 }, () => sampleSymbol([0.1, 0.6, 0.3], { topP: 0.5, random }));
    expect(new Set(drawn)).toEqual(new Set([1]));
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 2000; draw += 1) counts[sampleSymbol([0.1, 0.6, 0.3], { random })]! += 1;
    for (const [symbol, share] of [0.1, 0.6, 0.3].entries()) expect(counts[symbol]! / 2000).toBeCloseTo(share, 1);
  });
  it('rejects what is out of range', () => {
    expect(() => sampleSymbol([])).toThrow(/at least one/);
    expect(() => sampleSymbol([1], { topP: 2 })).toThrow(/topP/);
    expect(() => sampleSymbol([1], { temperature: Number.NaN })).toThrow(/temperature/);
    expect(() => temperProbabilities([1], 0)).toThrow(/temperature/);
    expect(() => ensembleBytes([])).toThrow(/at least one/);
    expect(() => ensembleBytes([[1]], 259, [-1])).toThrow(/weights/);
    expect(() => ensembleBytes([[0]])).toThrow(/probable/);
  });
});

describe('fillInTheMiddle', () => {
  const tokens = { prefix: 901, suffix: 902, middle: 903 };
  const encode = (text: string) => Array.from(text, (character) => character.codePointAt(0)!);
  it('puts the prefix where the middle goes on, or first', () => {
    expect(fillInTheMiddle('ab', 'c', tokens, encode, { begin: [1] })).toEqual({
      context: [1, 901, 902, 99, 903],
      text: 'ab',
    });
    expect(fillInTheMiddle('ab', 'c', tokens, encode, { order: 'prefix-first' })).toEqual({
      context: [901, 97, 98, 902, 99, 903],
      text: '',
    });
  });
  it('starts bytes behind its context', async () => {
    const { predictor } = toys['a rank file'];
    const seen: (readonly number[])[] = [];
    const model = {
      logProbabilities(ids: readonly number[]) {
        seen.push(ids);
        return predictor.model.logProbabilities(ids.slice(4));
      },
    };
    const prompt = fillInTheMiddle('a', 'b', tokens, (text) => ranks.encode(text).ids);
    const state = await startBytes({ ...predictor, model }, prompt.text, prompt);
    const plain = await startBytes(predictor, 'a');
    expect(seen.every((ids) => ids.slice(0, 4).join() === '901,902,98,903')).toBe(true);
    expect([...state.probabilities]).toEqual([...plain.probabilities]);
  });
});
