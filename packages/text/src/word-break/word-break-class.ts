import { binaryProperty } from '../tables/binary-properties';
import { categoryNames, generalCategories } from '../tables/general-category';
import { scriptNames, scriptsOf } from '../tables/scripts';

/** Word_Break of Unicode 16.0 (UAX 29, table 3), and whether emoji are meant. */
export type WordBreakClass =
  | 'CR'
  | 'LF'
  | 'Newline'
  | 'Extend'
  | 'ZWJ'
  | 'Format'
  | 'Regional_Indicator'
  | 'Katakana'
  | 'Hebrew_Letter'
  | 'ALetter'
  | 'Single_Quote'
  | 'Double_Quote'
  | 'MidNumLet'
  | 'MidLetter'
  | 'MidNum'
  | 'Numeric'
  | 'ExtendNumLet'
  | 'WSegSpace'
  | 'Other';

/** Classes that the table lists by character. */
const listed: readonly (readonly [WordBreakClass, string])[] = [
  ['CR', '000D'],
  ['LF', '000A'],
  ['Newline', '000B-000C 0085 2028-2029'],
  ['ZWJ', '200D'],
  ['Extend', '200C FF9E-FF9F 1F3FB-1F3FF E0020-E007F'],
  ['Regional_Indicator', '1F1E6-1F1FF'],
  ['Single_Quote', '0027'],
  ['Double_Quote', '0022'],
  ['MidNumLet', '002E 2018-2019 2024 FE52 FF07 FF0E'],
  ['MidLetter', '003A 00B7 0387 055F 05F4 2027 FE13 FE55 FF1A'],
  ['MidNum', '002C 003B 037E 0589 060C-060D 066C 07F8 2044 FE10 FE14 FE50 FE54 FF0C FF1B'],
  ['Numeric', '0600-0605 066B 06DD 0890-0891 08E2'],
  ['ExtendNumLet', '202F'],
  ['WSegSpace', '0020 1680 2000-2006 2008-200A 205F 3000'],
  ['Katakana', '3031-3035 309B-309C 30A0 30FC FF70'],
  ['ALetter', '02C2-02C5 02D2-02D7 02DE-02DF 02E5-02EB 02ED 02EF-02FF 055A-055C 055E 058A 05F3 070F'],
  ['ALetter', 'A708-A716 A720-A721 A789-A78A AB5B 110BD 110CD'],
  ['Other', '200B'],
];

/** Scripts without spaces, whose letters belong to no word of these rules. */
const ideographic = ['Han', 'Tangut', 'Khitan_Small_Script', 'Nushu'];
const complexContext = ['Thai', 'Lao', 'Myanmar', 'Khmer', 'Tai_Le', 'New_Tai_Lue', 'Tai_Tham', 'Tai_Viet', 'Ahom'];

let classOf: ((codePoint: number) => WordBreakClass) | undefined;

/** The class of a code point; lone surrogates have none. */
export function wordBreakClass(codePoint: number): WordBreakClass {
  classOf ??= createClasses();
  return classOf(codePoint);
}

function createClasses(): (codePoint: number) => WordBreakClass {
  const categories = generalCategories(16);
  const scripts = scriptsOf(16);
  const isAlphabetic = binaryProperty('Alphabetic');
  const known = new Map<number, WordBreakClass>();
  for (const [name, ranges] of listed) {
    for (const range of ranges.split(' ')) {
      const [first, last = first] = range.split('-').map((text) => Number.parseInt(text, 16)) as [number, number?];
      for (let codePoint = first; codePoint <= last!; codePoint += 1) known.set(codePoint, name);
    }
  }
  const compute = (codePoint: number): WordBreakClass => {
    const category = categoryNames[categories[codePoint]!]!;
    const script = scriptNames[scripts[codePoint]!]!;
    if (category === 'Mn' || category === 'Me' || category === 'Mc') return 'Extend';
    if (category === 'Cf') return 'Format';
    if (category === 'Pc') return 'ExtendNumLet';
    if (category === 'Nd') return 'Numeric';
    if (script === 'Katakana') return 'Katakana';
    if (script === 'Hebrew' && category === 'Lo') return 'Hebrew_Letter';
    const isOther = script === 'Hiragana' || ideographic.includes(script) || complexContext.includes(script);
    return isAlphabetic(codePoint) && !isOther ? 'ALetter' : 'Other';
  };
  return (codePoint) => {
    let found = known.get(codePoint);
    if (!found) {
      found = compute(codePoint);
      // Texts use few characters; a hostile one shall not fill the memory.
      if (known.size < 100_000) known.set(codePoint, found);
    }
    return found;
  };
}
