import { codePointAt, contractionLength, type Scanner, unitClass, unitClasses } from './scanner';

let known: Scanner | undefined;

/**
 * Pieces of the GPT-2 pattern, which r50k_base, p50k_base and the ByteLevel pre-tokenizer use:
 * `'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
 */
export function createGpt2Scanner(): Scanner {
  // One function for all tokenizers: the engine optimizes it once.
  return (known ??= createScanner());
}

function createScanner(): Scanner {
  const table = unitClasses();
  const { newline, space, number, upper, caseless } = unitClass;
  /** 0 white space, 1 letter, 2 number, 3 anything else. */
  const groupOf = (kind: number): number => {
    if (kind >= upper && kind <= caseless) return 1;
    if (kind === number) return 2;
    return kind === newline || kind === space ? 0 : 3;
  };
  const groups = table.map(groupOf);

  const runEnd = (units: Uint16Array, start: number, limit: number, group: number): number => {
    let end = start;
    while (end < limit) {
      const unit = units[end]!;
      if ((unit & 0xfc00) === 0xd800) {
        const codePoint = codePointAt(units, end, limit);
        if (groups[codePoint] !== group) break;
        if (codePoint > 0xffff) end += 1;
      } else if (groups[unit] !== group) break;
      end += 1;
    }
    return end;
  };

  return (units, start, limit) => {
    const contraction = contractionLength(units, start, limit, false);
    if (contraction > 0) return start + contraction;
    const first = groups[codePointAt(units, start, limit)]!;
    if (first > 0) return runEnd(units, start, limit, first);
    if (units[start] === 0x20 && start + 1 < limit) {
      const second = groups[codePointAt(units, start + 1, limit)]!;
      if (second > 0) return runEnd(units, start + 1, limit, second);
    }
    const end = runEnd(units, start, limit, 0);
    return end === limit || end === start + 1 ? end : end - 1;
  };
}
