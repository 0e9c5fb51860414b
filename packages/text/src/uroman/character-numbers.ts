/** Number of a single character. */
export interface CharacterNumber {
  /** Undefined for fractions. */
  readonly value: bigint | undefined;
  /** In lowest terms. */
  readonly fraction: readonly [numerator: bigint, denominator: bigint] | undefined;
  /** Power of ten that the value is a multiple of; undefined for fractions. */
  readonly base: bigint | undefined;
  readonly kind: 'digit' | 'digit-like' | 'base' | 'multi' | 'fraction';
  readonly isChinese: boolean;
  /** Multiplies all that stands before it, as ten thousand does in Chinese. */
  readonly isLargePower: boolean;
}

/** Reads the packed numbers: the distance from the last character in base 36, nothing for 1, and a value with its kind. */
export function readNumbers(text: string): ReadonlyMap<string, CharacterNumber> {
  const numbers = new Map<string, CharacterNumber>();
  let codePoint = 0;
  for (const entry of text.split(' ')) {
    const [distance, number] = entry.split(',') as [string, string];
    codePoint += distance === '' ? 1 : Number.parseInt(distance, 36);
    numbers.set(String.fromCodePoint(codePoint), readNumber(number));
  }
  return numbers;
}

function readNumber(text: string): CharacterNumber {
  const [, digitLike, digits, denominator, chinese, power] = /^(~?)(\d+)(?:\/(\d+))?(c?)(p?)$/.exec(text)!;
  const flags = { isChinese: chinese !== '', isLargePower: power !== '' };
  const value = BigInt(digits!);
  if (denominator !== undefined) {
    return { value: undefined, fraction: [value, BigInt(denominator)], base: undefined, kind: 'fraction', ...flags };
  }
  if (value < 10n) {
    return { value, fraction: undefined, base: 1n, kind: digitLike === '' ? 'digit' : 'digit-like', ...flags };
  }
  const base = 10n ** BigInt(/0*$/.exec(digits!)![0].length);
  return { value, fraction: undefined, base, kind: base === value ? 'base' : 'multi', ...flags };
}
