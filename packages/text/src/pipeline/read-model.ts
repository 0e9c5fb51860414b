import { ConfigError } from '@tesserae/core/data';
import { type CharacterBpeOptions, createCharacterBpe } from '../bpe/character-bpe';
import { createPairTable, type PairTable, setPair } from '../bpe/pair-table';
import { createUnigram } from '../unigram/unigram';
import { createWordLevel } from '../word-level/word-level';
import { createWordPiece } from '../wordpiece/wordpiece';
import {
  expected,
  field,
  isAbsent,
  type JsonPlace,
  readBoolean,
  readCount,
  readList,
  readNumber,
  readString,
  readVocabulary,
} from './json-reader';
import type { WordModel } from './word-model';

export type ModelType = 'BPE' | 'Unigram' | 'WordPiece' | 'WordLevel';

/** A model and what its file says beside it. */
export interface ReadModel {
  readonly type: ModelType;
  readonly model: WordModel;
  /** Probability of leaving out merges where the caller says nothing. */
  readonly dropout: number;
  /** What a BPE model was made of. */
  readonly bpe?: BpeParts;
}

export type BpeParts = CharacterBpeOptions;

/** Which algorithm a file is for; old files do not say. */
export function modelType(place: JsonPlace): ModelType {
  const type = field(place, 'type');
  const types: readonly ModelType[] = ['BPE', 'Unigram', 'WordPiece', 'WordLevel'];
  if (!isAbsent(type)) {
    const found = types.find((one) => one === type.value);
    if (!found) throw expected(type, `one of ${types.join(', ')}`);
    return found;
  }
  if (!isAbsent(field(place, 'merges'))) return 'BPE';
  if (Array.isArray(field(place, 'vocab').value)) return 'Unigram';
  return isAbsent(field(place, 'continuing_subword_prefix')) ? 'WordLevel' : 'WordPiece';
}

/**
 * @throws {ConfigError} A field that is missing or wrong; a merge of tokens that are not in the vocabulary.
 */
export function readModel(place: JsonPlace): ReadModel {
  const type = modelType(place);
  if (type === 'BPE') return readBpe(place);
  if (type === 'Unigram') return { type, model: readUnigram(place), dropout: 0 };
  const vocabulary = readVocabulary(field(place, 'vocab'));
  if (type === 'WordLevel') {
    return { type, model: createWordLevel(vocabulary, readString(field(place, 'unk_token'), '<unk>')), dropout: 0 };
  }
  const model = createWordPiece({
    vocabulary,
    unknownToken: readString(field(place, 'unk_token'), '[UNK]'),
    continuingPrefix: readString(field(place, 'continuing_subword_prefix'), '##'),
    maximumCharacters: readCount(field(place, 'max_input_chars_per_word'), 100),
  });
  return { type, model, dropout: 0 };
}

function readBpe(place: JsonPlace): ReadModel {
  const vocabulary = readVocabulary(field(place, 'vocab'));
  const unknown = field(place, 'unk_token');
  const unknownId = isAbsent(unknown) ? undefined : vocabulary.get(readString(unknown));
  const continuingPrefix = readString(field(place, 'continuing_subword_prefix'), '');
  const dropout = field(place, 'dropout');
  const probability = readNumber(dropout, 0);
  if (!(probability >= 0 && probability <= 1)) throw expected(dropout, 'a probability of 0..1');
  const bpe: BpeParts = {
    vocabulary,
    pairs: readMerges(field(place, 'merges'), vocabulary, continuingPrefix),
    unknownId,
    fuseUnknown: readBoolean(field(place, 'fuse_unk'), false),
    byteFallback: readBoolean(field(place, 'byte_fallback'), false),
    ignoreMerges: readBoolean(field(place, 'ignore_merges'), false),
    continuingPrefix,
    endOfWordSuffix: readString(field(place, 'end_of_word_suffix'), ''),
  };
  return { type: 'BPE', dropout: probability, model: createCharacterBpe(bpe), bpe };
}

/** Merges as `"a b"` or `["a", "b"]`; of a pair that comes twice the last rank counts. */
function readMerges(place: JsonPlace, vocabulary: ReadonlyMap<string, number>, continuingPrefix: string): PairTable {
  const list = place.value;
  if (list instanceof Int32Array) return pairsOf(list);
  if (!Array.isArray(list)) throw expected(place, 'a list');
  const pairs = createPairTable(list.length);
  for (let rank = 0; rank < list.length; rank += 1) {
    const [left, right] = splitMerge(list[rank], `${place.path}[${rank}]`);
    const joined = left + right.slice(continuingPrefix.length);
    setPair(pairs, idOf(left, rank), idOf(right, rank), rank, idOf(joined, rank));
  }
  return pairs;

  function idOf(token: string, rank: number): number {
    const id = vocabulary.get(token);
    if (id !== undefined) return id;
    throw new ConfigError(`${place.path}[${rank}]`, 'tokens of the vocabulary', JSON.stringify(token));
  }
}

/** Merges of the compact form: ids of left, right and what they make. */
function pairsOf(ids: Int32Array): PairTable {
  const pairs = createPairTable(ids.length / 3);
  for (let at = 0, rank = 0; at < ids.length; at += 3, rank += 1) {
    setPair(pairs, ids[at]!, ids[at + 1]!, rank, ids[at + 2]!);
  }
  return pairs;
}

function splitMerge(merge: unknown, path: string): readonly [string, string] {
  if (typeof merge === 'string') {
    const parts = merge.split(' ');
    if (parts.length === 2) return [parts[0]!, parts[1]!];
  } else if (
    Array.isArray(merge) &&
    merge.length === 2 &&
    typeof merge[0] === 'string' &&
    typeof merge[1] === 'string'
  ) {
    return [merge[0], merge[1]];
  }
  throw expected({ value: merge, path }, 'two tokens');
}

function readUnigram(place: JsonPlace): WordModel {
  const vocab = field(place, 'vocab');
  const pieces = readList(vocab).map((entry) => {
    const [piece, score] = readList(entry);
    if (!piece || !score) throw expected(entry, 'a piece and its score');
    return [readString(piece), readNumber(score)] as const;
  });
  const unknown = field(place, 'unk_id');
  const unknownId = isAbsent(unknown) ? undefined : readCount(unknown);
  if (unknownId !== undefined && unknownId >= pieces.length) throw expected(unknown, `an id below ${pieces.length}`);
  return createUnigram({ pieces, unknownId, byteFallback: readBoolean(field(place, 'byte_fallback'), false) });
}
