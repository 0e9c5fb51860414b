import { InputError } from '@tesserae/core/data';
import { chunkDigits, type DigitDirection } from './chunk-digits';

export interface GroupDigitsOptions {
  /** Digits of a group. Default 3. */
  readonly size?: number;
  /** Default `rtl`. */
  readonly direction?: DigitDirection;
  /** Stands between groups: at least one character, none of them a number. Default `,`. */
  readonly separator?: string;
  /**
   * Writes separators that the text already has between digits twice, so that `ungroupDigits` gives the text back.
   * Default true.
   */
  readonly escape?: boolean;
}

/**
 * Puts separators into every run of digits (`\p{N}`) of a text: right-to-left grouping makes models add better than the
 * left-to-right grouping of their tokenizer (arXiv 2402.14903, section 3).
 *
 * @throws {InputError} A separator that is empty or has digits.
 */
export function groupDigits(text: string, options: GroupDigitsOptions = {}): string {
  const { size = 3, direction = 'rtl', separator = ',', escape = true } = options;
  const between = separatorsBetweenDigits(separator);
  const escaped = escape ? text.replace(between, (separators) => separators + separators) : text;
  return escaped.replace(/\p{N}+/gu, (digits) => chunkDigits(digits, size, direction).join(separator));
}

/**
 * Takes away what {@link groupDigits} put in: `ungroupDigits(groupDigits(text))` is `text`.
 *
 * @param options - As they were given to `groupDigits`; `size` and `direction` do not matter.
 */
export function ungroupDigits(text: string, options: Pick<GroupDigitsOptions, 'separator' | 'escape'> = {}): string {
  const { separator = ',', escape = true } = options;
  return text.replace(separatorsBetweenDigits(separator), (separators) => {
    const count = separators.length / separator.length;
    if (!escape) return count === 1 ? '' : separators;
    return separator.repeat(Math.floor(count / 2));
  });
}

function separatorsBetweenDigits(separator: string): RegExp {
  if (separator === '' || /\p{N}/u.test(separator)) {
    throw new InputError('separator', 'at least one character and no digits', JSON.stringify(separator));
  }
  const literal = separator.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`(?<=\\p{N})(?:${literal})+(?=\\p{N})`, 'gu');
}

/**
 * A text cut into groups of digits and what lies between them; the pieces join to the text.
 *
 * @param options - `size` 1 gives single digits.
 */
export function splitDigits(text: string, options: Pick<GroupDigitsOptions, 'size' | 'direction'> = {}): string[] {
  const { size = 3, direction = 'rtl' } = options;
  const pieces = text.match(/\p{N}+|\P{N}+/gu) ?? [];
  return pieces.flatMap((piece) => (/^\p{N}/u.test(piece) ? chunkDigits(piece, size, direction) : [piece]));
}

/**
 * The pattern of a `Split` pre-tokenizer (behavior `Isolated`) that cuts digits into groups, for tokenizer.json files.
 *
 * @throws {InputError} A size below 1.
 */
export function digitSplitPattern(size = 3, direction: DigitDirection = 'rtl'): string {
  if (!Number.isInteger(size) || size < 1) throw new InputError('size', 'an integer of at least 1', String(size));
  if (size === 1) return '\\p{N}';
  const group = `\\p{N}{1,${size}}`;
  return direction === 'ltr' ? group : `${group}(?=(?:\\p{N}{${size}})*(?:\\P{N}|$))`;
}
