import { binaryProperty } from '../tables/binary-properties';
import { categoryTest } from '../tables/general-category';
import { classSource, setWhere } from './code-point-set';

let source: string | undefined;

/** `\w` of Rust's regular expressions (Unicode 16.0): letters, marks, decimal numbers, connectors and joiners. */
export function isRustWord(): (codePoint: number) => boolean {
  const isAlphabetic = binaryProperty('Alphabetic');
  const isOther = categoryTest(16, 'M', 'Nd', 'Pc');
  return (codePoint) => isAlphabetic(codePoint) || isOther(codePoint) || codePoint === 0x200c || codePoint === 0x200d;
}

/** The same as the inside of a character class. */
export function wordClass(): string {
  source ??= classSource(setWhere(isRustWord())).slice(1, -1);
  return source;
}
