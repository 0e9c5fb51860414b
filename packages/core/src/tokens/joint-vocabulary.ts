import { InputError } from '../errors/input-error';
import { TokensError, type TokensErrorCode } from '../errors/tokens-error';
import { flattenTokens, unflattenTokens } from './flatten';
import type { IdMeaning, SequencePiece, SequencePlan, SequenceRun } from './sequence-pieces';
import {
  checkPartTokens,
  flattenOptionsOf,
  layOut,
  type PartLayout,
  rangeKey,
  specialRange,
  type VocabularyPart,
} from './vocabulary-layout';

export interface SequenceVocabularyInit<Special extends string, Name extends string> {
  /** Special tokens, ids 0, 1, …. */
  readonly special: readonly Special[];
  /** In order behind the special tokens; for ids of another kind, of text, a number of them. */
  readonly parts: Readonly<Record<Name, VocabularyPart | number>>;
  /** Stands where no token is: -1 is no id of a language model. Default: such tokens are refused. */
  readonly absent?: Special;
}

/** Several tokenizers and special tokens in one id space. */
export interface SequenceVocabulary<Special extends string, Name extends string> {
  /** Ids in all. */
  readonly size: number;
  /** First id of each level of each part. */
  readonly offsets: Readonly<Record<Name, readonly number[]>>;
  /** Id of a special token. @throws {InputError} No such one. */
  special(name: Special): number;
  /** What an id stands for. @throws {TokensError} `out-of-range`. */
  locate(id: number): IdMeaning<Special, Name>;
  /**
   * One id sequence of text, tokens and special tokens.
   *
   * @throws {TokensError} Tokens of another tokenizer, weights or levels; `out-of-range`: an id outside its part, or -1
   *   without `absent`.
   */
  flatten(pieces: readonly SequencePiece<Special, Name>[]): Int32Array;
  /**
   * The inverse of `flatten`.
   *
   * @param plan - What the sequence consists of, in order.
   * @throws {TokensError} `out-of-range`: an id of another part or level, named with its place in the sequence;
   *   `invalid-tokens`: the plan takes more or fewer ids.
   */
  unflatten(ids: Int32Array, plan: readonly SequencePlan<Special, Name>[]): readonly SequencePiece<Special, Name>[];
  /**
   * Runs of ids of one part. Each special token is a run of its own; `absent` belongs to the part before it.
   *
   * @throws {TokensError} `out-of-range`: no id of the vocabulary.
   */
  runs(ids: Int32Array): readonly SequenceRun<Special, Name>[];
}

/**
 * Lays special tokens and the vocabularies of several tokenizers behind each other.
 *
 * @example
 * const vocabulary = sequenceVocabulary({
 *   special: ['<pad>', '<image>'],
 *   parts: { text: 50257, image: { vocabularySizes: [4096] } },
 * });
 * vocabulary.offsets.image; // [50259]
 * @throws {InputError} Special tokens repeat, a size is no count, levels of different sizes share ids, or the sum leaves int32.
 */
export function sequenceVocabulary<Special extends string, Name extends string>(
  init: SequenceVocabularyInit<Special, Name>,
): SequenceVocabulary<Special, Name> {
  const { special, absent } = init;
  const specials = new Map(special.map((name, id) => [name, id]));
  if (specials.size !== special.length) {
    throw new InputError('special', 'different names', special.join(', '));
  }
  const { joint, ranges, layouts } = layOut(special.length, init.parts);
  const specialId = (name: Special): number => required(specials, 'special', name);
  const layoutOf = (name: Name): PartLayout => required(layouts, 'part', name);
  const absentId = absent === undefined ? undefined : specialId(absent);

  const locate = (id: number): IdMeaning<Special, Name> => {
    const found = joint.locate(id);
    if (found.part === specialRange) return { special: special[found.id]! };
    const { name, level } = ranges.find(({ key }) => key === found.part)!;
    return { part: name as Name, level, id: found.id };
  };
  const idsOf = (piece: SequencePiece<Special, Name>): Int32Array => {
    if ('special' in piece) return Int32Array.of(specialId(piece.special));
    const layout = layoutOf(piece.part);
    if ('ids' in piece) {
      checkOneLevel(layout);
      return joint.toJoint(rangeKey(piece.part, 0), piece.ids);
    }
    checkPartTokens(layout, piece.tokens);
    return flattenTokens(piece.tokens, flattenOptionsOf(layout, piece.tokens));
  };
  const lengthOf = (piece: SequencePlan<Special, Name>): number => {
    if ('special' in piece) return 1;
    if ('length' in piece) return piece.length;
    const layout = layoutOf(piece.part);
    checkPartTokens(layout, piece.like);
    return flattenTokens(piece.like, flattenOptionsOf(layout, piece.like)).length;
  };
  const read = (ids: Int32Array, piece: SequencePlan<Special, Name>): SequencePiece<Special, Name> => {
    if ('special' in piece) {
      const id = specialId(piece.special);
      if (ids[0] === id) return { special: piece.special };
      throw new TokensError('out-of-range', `expected ${piece.special} (${id}), got ${ids[0]}.`);
    }
    const layout = layoutOf(piece.part);
    const own = ids.map((id) => (id === absentId ? -1 : id));
    if ('like' in piece) {
      return { part: piece.part, tokens: unflattenTokens(own, piece.like, flattenOptionsOf(layout, piece.like)) };
    }
    checkOneLevel(layout);
    return { part: piece.part, ids: joint.fromJoint(rangeKey(piece.part, 0), own) };
  };

  return {
    size: joint.size,
    offsets: Object.fromEntries([...layouts].map(([name, { offsets }]) => [name, offsets])) as Record<
      Name,
      readonly number[]
    >,
    special: specialId,
    locate,
    flatten: (pieces) =>
      Int32Array.from(pieces.flatMap((piece, index) => [...fillAbsent(`pieces[${index}]`, idsOf(piece), absentId)])),
    unflatten: (ids, plan) => {
      const lengths = plan.map(lengthOf);
      const total = lengths.reduce((sum, length) => sum + length, 0);
      if (total !== ids.length) {
        throw new TokensError('invalid-tokens', `unflatten: expected ${total} ids, as planned, got ${ids.length}.`);
      }
      const wrong = ids.findIndex((id) => id < 0 || id >= joint.size);
      if (wrong >= 0) {
        throw new TokensError('out-of-range', `ids[${wrong}]: expected 0..${joint.size - 1}, got ${ids[wrong]}.`);
      }
      let end = 0;
      return plan.map((piece, index) => {
        const begin = end;
        end += lengths[index]!;
        return inPlace(`plan[${index}], from ids[${begin}]`, () => read(ids.subarray(begin, end), piece));
      });
    },
    runs: (ids) => {
      const runs: { kind: SequenceRun<Special, Name>['kind']; from: number; to: number }[] = [];
      for (const [index, id] of ids.entries()) {
        const meaning = locate(id);
        const part = 'part' in meaning ? meaning.part : undefined;
        const last = runs.at(-1);
        const open = last && 'part' in last.kind ? last.kind.part : undefined;
        if (last && open !== undefined && (id === absentId || part === open)) last.to = index + 1;
        else runs.push({ kind: 'part' in meaning ? { part: meaning.part } : meaning, from: index, to: index + 1 });
      }
      return runs;
    },
  };
}

function required<Value>(values: ReadonlyMap<string, Value>, argument: string, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new InputError(argument, [...values.keys()].join(', '), name);
  return value;
}

function checkOneLevel({ name, sizes }: PartLayout): void {
  if (sizes.length > 1) {
    throw new InputError(`parts.${name}`, 'tokens, as it has several levels', 'bare ids');
  }
}

function fillAbsent(name: string, ids: Int32Array, absentId: number | undefined): Int32Array {
  const first = ids.indexOf(-1);
  if (first < 0) return ids;
  if (absentId === undefined) {
    throw new TokensError('out-of-range', `${name}: no token at ${first} of it, and no special token stands for that.`);
  }
  return ids.map((id) => (id === -1 ? absentId : id));
}

/** Says where in the sequence an error is. */
function inPlace<Value>(where: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof TokensError)) throw cause;
    throw new TokensError(cause.code as TokensErrorCode, `${where}: ${cause.message}`, { cause });
  }
}
