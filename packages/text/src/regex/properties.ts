import { UnsupportedError } from '@tesserae/core/data';
import { binaryProperty } from '../tables/binary-properties';
import { categoryNames, generalCategories } from '../tables/general-category';
import { scriptNames, scriptsOf } from '../tables/scripts';
import { isWhiteSpace } from '../tables/white-space';
import { type CodePointSet, complement, everything, setWhere, union } from './code-point-set';

/** Long names of the general categories and of their groups. */
const longNames: Readonly<Record<string, string>> = {
  letter: 'L',
  casedletter: 'LC',
  uppercaseletter: 'Lu',
  lowercaseletter: 'Ll',
  titlecaseletter: 'Lt',
  modifierletter: 'Lm',
  otherletter: 'Lo',
  mark: 'M',
  nonspacingmark: 'Mn',
  spacingmark: 'Mc',
  enclosingmark: 'Me',
  combiningmark: 'M',
  number: 'N',
  decimalnumber: 'Nd',
  letternumber: 'Nl',
  othernumber: 'No',
  punctuation: 'P',
  connectorpunctuation: 'Pc',
  dashpunctuation: 'Pd',
  openpunctuation: 'Ps',
  closepunctuation: 'Pe',
  initialpunctuation: 'Pi',
  finalpunctuation: 'Pf',
  otherpunctuation: 'Po',
  symbol: 'S',
  mathsymbol: 'Sm',
  currencysymbol: 'Sc',
  modifiersymbol: 'Sk',
  othersymbol: 'So',
  separator: 'Z',
  spaceseparator: 'Zs',
  lineseparator: 'Zl',
  paragraphseparator: 'Zp',
  other: 'C',
  control: 'Cc',
  format: 'Cf',
  surrogate: 'Cs',
  privateuse: 'Co',
  unassigned: 'Cn',
};

const between = (first: number, last: number): CodePointSet => [first, last];
const category = (name: string): CodePointSet => {
  const table = generalCategories(16);
  if (name === 'LC') return union(category('Lu'), category('Ll'), category('Lt'));
  const wanted = categoryNames.map((one) => one.startsWith(name));
  return setWhere((codePoint) => wanted[table[codePoint]!]!);
};
const binary = (name: 'Alphabetic' | 'Uppercase' | 'Lowercase'): CodePointSet => setWhere(binaryProperty(name));

/** Word characters: letters, marks, decimal numbers and connectors. */
const wordCharacters = (): CodePointSet => union(binary('Alphabetic'), category('M'), category('Nd'), category('Pc'));

let escapedWord: CodePointSet | undefined;

/**
 * The word characters of `\w` and `\b` in Oniguruma, outside of classes: by a quirk of its table for the first 256 code
 * points also superscripts and fractions of Latin-1.
 */
export function escapedWordSet(): CodePointSet {
  escapedWord ??= union(wordCharacters(), [0xb2, 0xb3, 0xb9, 0xb9, 0xbc, 0xbe]);
  return escapedWord;
}

/** Classes with names of their own, in Oniguruma's Unicode sense. */
const namedClasses: Readonly<Record<string, () => CodePointSet>> = {
  any: () => everything,
  assigned: () => complement(category('Cn')),
  ascii: () => between(0, 0x7f),
  alnum: () => union(binary('Alphabetic'), category('Nd')),
  alpha: () => binary('Alphabetic'),
  alphabetic: () => binary('Alphabetic'),
  blank: () => union(category('Zs'), [9, 9]),
  cntrl: () => category('Cc'),
  digit: () => category('Nd'),
  graph: () => complement(union(whiteSpace(), category('Cc'), category('Cs'), category('Cn'))),
  lower: () => binary('Lowercase'),
  lowercase: () => binary('Lowercase'),
  print: () => complement(union(category('Cc'), category('Cs'), category('Cn'))),
  punct: () => union(category('P'), category('S')),
  space: () => whiteSpace(),
  whitespace: () => whiteSpace(),
  upper: () => binary('Uppercase'),
  uppercase: () => binary('Uppercase'),
  xdigit: () => union(between(0x30, 0x39), between(0x41, 0x46), between(0x61, 0x66)),
  word: wordCharacters,
};

const whiteSpace = (): CodePointSet => setWhere(isWhiteSpace);
const known = new Map<string, CodePointSet>();

/**
 * Code points of a property as `\p{name}` or `[:name:]` gives it, Unicode 16.0.
 *
 * @throws {UnsupportedError} No such property.
 */
export function propertySet(name: string): CodePointSet {
  const key = name.toLowerCase().replace(/[\s_-]/g, '');
  let set = known.get(key);
  if (!set) {
    set = findProperty(key, name);
    known.set(key, set);
  }
  return set;
}

function findProperty(key: string, name: string): CodePointSet {
  const named = Object.hasOwn(namedClasses, key) ? namedClasses[key] : undefined;
  if (named) return named();
  const long = Object.hasOwn(longNames, key) ? longNames[key] : undefined;
  if (long) return category(long);
  const short = key.charAt(0).toUpperCase() + key.slice(1);
  if (key === 'lc' || categoryNames.some((one) => one === short || one.charAt(0) === short)) {
    return category(key === 'lc' ? 'LC' : short);
  }
  const script = scriptNames.findIndex((one) => one.toLowerCase().replaceAll('_', '') === key);
  if (script >= 0) {
    const table = scriptsOf(16);
    return setWhere((codePoint) => table[codePoint] === script);
  }
  return runtimeProperty(name);
}

/** Rare properties come from the JavaScript engine, without characters newer than Unicode 16.0. */
function runtimeProperty(name: string): CodePointSet {
  let pattern: RegExp;
  try {
    pattern = new RegExp(`\\p{${name}}`, 'u');
  } catch {
    throw new UnsupportedError(`\\p{${name}}`, 'no such Unicode property is known.');
  }
  const categories = generalCategories(16);
  return setWhere((codePoint) => categories[codePoint] !== 0 && pattern.test(String.fromCodePoint(codePoint)));
}
