import { writeUtf8 } from '../bytes/utf8';
import type { ByteVocabulary } from './byte-vocabulary';
import { findPair, type PairTable } from './pair-table';
import { createTokenEdges, type TokenEdges } from './token-edges';

/**
 * Symbols that merging may begin with in place of the bytes of a character: tokens that its bytes become whatever stands
 * beside it, in two forms, of which one holds beside ASCII too.
 *
 * Merges go from low ranks to high ones. As long as every merge of a part at an edge of the character with what stands
 * beside it has a higher rank than the merges that are next inside, those inside come first.
 */
export interface CharacterSymbols {
  readonly pairs: PairTable;
  readonly byteIds: Int32Array;
  readonly edges: TokenEdges;
  /**
   * Symbols of a character of one UTF-16 unit: places in `list`, their number first; 0: not known yet. Then the same for
   * characters beside ASCII.
   */
  readonly places: Int32Array;
  list: Int32Array;
  end: number;
}

/** Where the places of characters beside ASCII begin. */
export const besideAscii = 1 << 16;

const none = 0x7fffffff;

export function createCharacterSymbols(vocabulary: ByteVocabulary): CharacterSymbols {
  const { pairs, byteIds } = vocabulary;
  const edges = createTokenEdges(vocabulary);
  return { pairs, byteIds, edges, places: new Int32Array(2 * besideAscii), list: new Int32Array(1 << 12), end: 1 };
}

const unitOf = new Uint16Array(1);
const bytesOf = new Uint8Array(4);

/**
 * Place in `list` of the symbols of a unit that is no surrogate.
 *
 * @param beside - 0, or {@link besideAscii}.
 */
export function characterPlace(symbols: CharacterSymbols, unit: number, beside: number): number {
  const known = symbols.places[unit + beside]!;
  return known > 0 ? known : newPlace(symbols, unit, beside);
}

function newPlace(symbols: CharacterSymbols, unit: number, beside: number): number {
  unitOf[0] = unit;
  const length = writeUtf8(unitOf, 0, 1, bytesOf);
  const found = mergedAlone(
    symbols,
    Array.from(bytesOf.subarray(0, length), (byte) => symbols.byteIds[byte]!),
    beside === besideAscii,
  );
  if (symbols.end + 1 + found.length > symbols.list.length) {
    const larger = new Int32Array(symbols.list.length * 2);
    larger.set(symbols.list);
    symbols.list = larger;
  }
  const place = symbols.end;
  symbols.list[place] = found.length;
  symbols.list.set(found, place + 1);
  symbols.end += 1 + found.length;
  symbols.places[unit + beside] = place;
  return place;
}

/** What the bytes of a character become before a merge with a neighbour may come in between. */
function mergedAlone(
  { pairs, edges }: CharacterSymbols,
  bytes: readonly number[],
  isBesideAscii: boolean,
): readonly number[] {
  const { before, behind } = isBesideAscii ? edges.any : edges.others;
  const ids = [...bytes];
  let highest = -1;
  let nearest = none;
  for (;;) {
    let [at, lowest, merged] = [-1, none, -1];
    for (let index = 0; index + 1 < ids.length; index += 1) {
      const place = findPair(pairs, ids[index]!, ids[index + 1]!);
      if (place < 0 || pairs.slots[place + 2]! >= lowest) continue;
      [at, lowest, merged] = [index, pairs.slots[place + 2]!, pairs.slots[place + 3]!];
    }
    nearest = Math.min(nearest, rankAt(behind, ids[0]!), rankAt(before, ids[ids.length - 1]!));
    highest = Math.max(highest, lowest);
    if (at < 0 || nearest <= highest) return ids;
    ids.splice(at, 2, merged);
  }
}

/** {@link none} where there is none. */
const rankAt = (ranks: Int32Array, token: number): number => (ranks[token]! > 0 ? ranks[token]! - 1 : none);
