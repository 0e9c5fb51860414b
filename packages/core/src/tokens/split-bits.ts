import { TokensError } from '../errors/tokens-error';
import type { BitOrder } from '../quantize/bits';
import { countTokens, elementsPerToken } from './levels';
import type { BitLevel, IndexLevel } from './token-types';

/** Ids are int32. */
const mostBits = 30;

/**
 * Cuts the bits of every token into consecutive groups and makes ids of them, one level a group: a vocabulary of 2^20 as
 * two of 2^10 (ELM), or 2^18 as 2^6 and 2^12 (Open-MAGVIT2).
 *
 * @param groups - Bits of each group in channel order, 1..30 each, all bits of a token together.
 * @returns Levels of the same shape, 2^bits codes each.
 * @throws {TokensError} `invalid-tokens`: the groups do not fit the bits of a token.
 */
export function splitBits(level: BitLevel, groups: readonly number[], order: BitOrder): readonly IndexLevel[] {
  checkGroups(groups, level.bitsPerToken);
  const count = countTokens(level.shape);
  const bytes = elementsPerToken(level);
  let first = 0;
  return groups.map((bits) => {
    const start = first;
    first += bits;
    const data = Int32Array.from({ length: count }, (_, token) => {
      let id = 0;
      for (let bit = 0; bit < bits; bit += 1) {
        const channel = start + bit;
        const value = (level.data[token * bytes + (channel >> 3)]! >>> (channel & 7)) & 1;
        id |= value << (order === 'lsb' ? bit : bits - 1 - bit);
      }
      return id;
    });
    return { kind: 'index', vocabularySize: 2 ** bits, shape: level.shape, axes: level.axes, data };
  });
}

/** All bits of a token as one id. @throws {TokensError} `invalid-tokens`: more than 30 bits. */
export function bitsToIds(level: BitLevel, order: BitOrder): IndexLevel {
  return splitBits(level, [level.bitsPerToken], order)[0]!;
}

/**
 * The inverse of {@link splitBits}.
 *
 * @throws {TokensError} `invalid-tokens`: no levels, other shapes, a vocabulary that is no power of two, or a place
 *   without a token.
 */
export function joinBits(levels: readonly IndexLevel[], order: BitOrder): BitLevel {
  const [first] = levels;
  if (first === undefined) {
    throw new TokensError('invalid-tokens', 'joinBits: expected at least one level, got none.');
  }
  const groups = levels.map(({ vocabularySize }) => Math.log2(vocabularySize));
  const bitsPerToken = groups.reduce((sum, bits) => sum + bits, 0);
  checkGroups(groups, bitsPerToken);
  const bytes = Math.ceil(bitsPerToken / 8);
  const count = countTokens(first.shape);
  const data = new Uint8Array(count * bytes);
  let start = 0;
  for (const [index, { shape, data: ids }] of levels.entries()) {
    if (shape.join(' ') !== first.shape.join(' ') || ids.includes(-1)) {
      throw new TokensError(
        'invalid-tokens',
        `joinBits: levels[${index}]: expected ids at every place of the shape [${first.shape.join(', ')}].`,
      );
    }
    const bits = groups[index]!;
    for (const [token, id] of ids.entries()) {
      for (let bit = 0; bit < bits; bit += 1) {
        const value = (id >>> (order === 'lsb' ? bit : bits - 1 - bit)) & 1;
        data[token * bytes + ((start + bit) >> 3)]! |= value << ((start + bit) & 7);
      }
    }
    start += bits;
  }
  return { kind: 'bits', bitsPerToken, shape: first.shape, axes: first.axes, data };
}

function checkGroups(groups: readonly number[], bitsPerToken: number): void {
  const fits = groups.every((bits) => Number.isInteger(bits) && bits >= 1 && bits <= mostBits);
  const total = groups.reduce((sum, bits) => sum + bits, 0);
  if (!fits || total !== bitsPerToken) {
    throw new TokensError(
      'invalid-tokens',
      `groups of bits: expected 1..${mostBits} each, ${bitsPerToken} together, got ${groups.join(' + ')}.`,
    );
  }
}
