import { InputError } from '@tesserae/core/data';

/** Where groups are counted from: `rtl` puts the short group first (`1 234`), `ltr` last (`123 4`). */
export type DigitDirection = 'ltr' | 'rtl';

/** Separators of the published number formats, by name. */
export const digitSeparators: Readonly<Record<string, string>> = {
  comma: ',',
  space: ' ',
  dec: '.',
  hashtag: '#',
  dollar: '$',
  foo: 'foo',
};

/**
 * Cuts a run of digits into groups of `size` code points.
 *
 * @throws {InputError} A size below 1.
 */
export function chunkDigits(digits: string, size = 3, direction: DigitDirection = 'rtl'): string[] {
  if (!Number.isInteger(size) || size < 1) throw new InputError('size', 'an integer of at least 1', String(size));
  const characters = [...digits];
  const short = direction === 'rtl' ? characters.length % size : 0;
  const chunks = short > 0 ? [characters.slice(0, short).join('')] : [];
  for (let at = short; at < characters.length; at += size) chunks.push(characters.slice(at, at + size).join(''));
  return chunks;
}

/**
 * Digits in one of the published formats (`make_format_number` of the official code): `nosep`, or separator and
 * direction, `comma_r2l`, `space_l2r`, with the names of {@link digitSeparators}.
 *
 * @param size - Digits of a group. Default 3.
 * @throws {InputError} Another format.
 */
export function formatDigits(digits: string | number | bigint, format: string, size = 3): string {
  const text = String(digits);
  if (format === 'nosep') return text;
  const [name = '', way = '', ...rest] = format.split('_');
  const separator = Object.hasOwn(digitSeparators, name) ? digitSeparators[name] : undefined;
  if (separator === undefined || (way !== 'l2r' && way !== 'r2l') || rest.length > 0) {
    const names = Object.keys(digitSeparators).join(', ');
    throw new InputError('format', `nosep, or one of ${names} with _l2r or _r2l`, format);
  }
  return chunkDigits(text, size, way === 'r2l' ? 'rtl' : 'ltr').join(separator);
}
