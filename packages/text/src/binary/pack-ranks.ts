import { ConfigError } from '@tesserae/core/data';
import { type ByteVocabulary, recoverMerges } from '../bpe/byte-vocabulary';
import { noHalf, type VocabularyHalves, vocabularyHalves, vocabularyOfHalves } from '../bpe/packed-vocabulary';
import { readTiktokenFile, writeTiktokenFile } from '../bpe/tiktoken-file';
import type { TiktokenParts } from '../bpe/tiktoken-model';
import type { PackedText } from './container';
import { readDifferences, writeDifferences } from './number-tables';

/** A rank file as halves of tokens, or as it is where tokens have none. */
export function packRanks({ name, bpe, specialTokens, pattern }: TiktokenParts): PackedText {
  const { vocabulary } = bpe.encoder;
  const header = { name, pattern, specialTokens };
  const halves = halvesOf(vocabulary, name);
  if (!halves) {
    return { kind: 'ranks', header: { ...header, form: 'file' }, sections: [writeTiktokenFile(vocabulary.tokens)] };
  }
  const { bytes, numbers } = halves;
  const [left, right] = [0, 1].map((side) =>
    Int32Array.from({ length: numbers.length / 2 }, (_, index) => {
      const half = numbers[index * 2 + side]!;
      return half === noHalf ? -1 : half;
    }),
  );
  return {
    kind: 'ranks',
    header: { ...header, form: 'halves' },
    sections: [bytes, ...[left!, right!].map(writeHalves)],
  };
}

function halvesOf(vocabulary: ByteVocabulary, name: string): VocabularyHalves | undefined {
  try {
    return vocabularyHalves(vocabulary, name);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

const writeHalves = (ids: Int32Array): Uint8Array => writeDifferences(ids);

/** @throws {ConfigError} A table is damaged. */
export function unpackRanks({ header, sections }: PackedText, name: string): ByteVocabulary {
  const [first = new Uint8Array(), left = new Uint8Array(), right = new Uint8Array()] = sections;
  if (header['form'] === 'file') return recoverMerges(readTiktokenFile(first, name), name);
  const halves = [left, right].map((bytes) => readDifferences(bytes, `${name}: halves`));
  const { length } = halves[0]!;
  if (first.length !== 256 || halves[1]!.length !== length) {
    throw new ConfigError(name, '256 bytes and as many left as right halves', `${first.length}, ${length}`);
  }
  const numbers = new Int32Array(length * 2);
  for (let index = 0; index < length; index += 1) {
    for (const side of [0, 1]) {
      const half = halves[side]![index]!;
      if (half < -1) throw new ConfigError(`${name}: halves[${index}]`, 'an id', String(half));
      numbers[index * 2 + side] = half === -1 ? noHalf : half;
    }
  }
  return vocabularyOfHalves({ bytes: first, numbers }, name);
}
