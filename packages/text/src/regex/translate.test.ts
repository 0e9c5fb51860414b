import { describe, expect, it } from 'vitest';
import { caseVariants } from './case-folding';
import { compilePattern, translatePattern } from './translate';

const matches = (pattern: string, text: string, syntax: 'oniguruma' | 'rust' = 'oniguruma') =>
  [...text.matchAll(compilePattern(pattern, syntax))].map(([found]) => found);

describe('translatePattern', () => {
  it('gives white space Unicode’s meaning', () => {
    expect(matches('\\s', 'a\u0085\ufeff\u00a0b')).toEqual(['\u0085', '\u00a0']);
    expect(matches('[^\\s]', '\u0085\ufeff')).toEqual(['\ufeff']);
  });
  it('knows no character newer than Unicode 16.0', () => {
    expect(matches('\\p{L}', 'a\u{1e6c0}')).toEqual(['a']);
    expect(matches('\\P{L}', 'a\u{1e6c0}')).toEqual(['\u{1e6c0}']);
  });
  it('anchors at lines in one syntax and at the text in the other', () => {
    expect(matches('^.', 'ab\ncd\n')).toEqual(['a', 'c']);
    expect(matches('.$', 'ab\ncd\n')).toEqual(['b', 'd']);
    expect(matches('^.', 'ab\ncd', 'rust')).toEqual(['a']);
    expect(matches('.$', 'ab\ncd', 'rust')).toEqual(['d']);
    expect(matches('\\A.|.\\z|\\n\\Z', 'a\nb\n')).toEqual(['a', '\n']);
  });
  it('folds case by hand', () => {
    expect(matches("(?i:'s|k)x", "'Sx'\u017fx\u212axKxx")).toEqual(["'Sx", "'\u017fx", '\u212ax', 'Kx']);
    expect(matches('a(?i)b|c', 'aB aC AB c')).toEqual(['aB', 'aC']);
    expect(matches('(?i)[a-c]+(?-i:x)', 'AbCx abcX')).toEqual(['AbCx']);
    expect(matches('(?i:σ)', 'ΣσςS')).toEqual(['Σ', 'σ', 'ς']);
    expect(matches('(?i:[h-j])', 'iIıİ')).toEqual(['i', 'I']);
  });
  it('has possessive and atomic groups', () => {
    expect(matches('a++a', 'aaa')).toEqual([]);
    expect(matches('a{3,1}a', 'aaa aaaa')).toEqual(['aaaa']);
    expect(() => translatePattern('a{3,1}', 'rust')).toThrow(/wrong order/);
    expect(matches('(?>a|ab)c', 'abc ac')).toEqual(['ac']);
    expect(matches('[a-z]++[0-9]?', 'ab1c')).toEqual(['ab1', 'c']);
    // Ruby repeats the interval, Rust does not give back.
    expect(matches('\\d{1,3}+', '12345')).toEqual(['12345']);
    expect(matches('\\d{1,3}+', '12345', 'rust')).toEqual(['123', '45']);
  });
  it('reads classes', () => {
    expect(matches('[a-z&&[^aeiou]]+', 'hello')).toEqual(['h', 'll']);
    expect(matches('[[:alpha:][:digit:]_-]+', 'é1_-!')).toEqual(['é1_-']);
    expect(matches('[[:^alpha:]]', 'a!')).toEqual(['!']);
    expect(matches('[]a]', ']a')).toEqual([']', 'a']);
    expect(matches('[\\w-]+', 'a-b c²')).toEqual(['a-b', 'c']);
    expect(matches('\\w+', 'c²½')).toEqual(['c²½']);
    expect(matches('[[:punct:]]+', 'a$+!∋b')).toEqual(['$+!∋']);
    expect(matches('\\h+', 'xafG')).toEqual(['af']);
    expect(matches('[\\x41\\x{1f600}\\u0062]', 'A😀b')).toEqual(['A', '😀', 'b']);
    expect(matches('[^a]', '😀')).toEqual(['😀']);
  });
  it('knows properties by all their names', () => {
    expect(matches('\\p{Han}|\\p{Script=Latin}', 'a漢я')).toEqual(['a', '漢']);
    expect(matches('\\p{Uppercase_Letter}\\p{^Lu}\\pL', 'Aaa')).toEqual(['Aaa']);
    expect(matches('\\p{Emoji_Presentation}', '😀a')).toEqual(['😀']);
    expect(() => translatePattern('\\p{NoSuch}')).toThrow(/NoSuch/);
  });
  it('keeps groups, references, look-around and line breaks', () => {
    expect(matches('(a)(?<n>b)\\1\\k<n>', 'abab')).toEqual(['abab']);
    expect(matches('(?<=o)[^o]|x(?!y)', 'oa xy xz')).toEqual(['a', 'x']);
    expect(matches('\\R', 'a\r\nb\u2028')).toEqual(['\r\n', '\u2028']);
    expect(matches('\\b\\w', 'ab cd')).toEqual(['a', 'c']);
    expect(matches('(?x: a b # comment\n c)', 'abc')).toEqual(['abc']);
    expect(matches('a{,2}b', 'aaab')).toEqual(['aab']);
    expect(matches('a{b', 'a{b')).toEqual(['a{b']);
  });
  it.each(['(', ')', '[', '\\', '*a', '(?<', '[z-a]', '\\K', '\\g<1>', '(?(1)a)'])(
    'refuses %j with its place',
    (pattern) => {
      expect(() => translatePattern(pattern)).toThrow(/ at \d+ of /);
    },
  );
});

describe('caseVariants', () => {
  it('fold alike in the engine', () => {
    for (let codePoint = 0x80; codePoint < 0x1f000; codePoint += 1) {
      const variants = caseVariants(codePoint);
      if (variants.length < 2 || variants[0] !== codePoint) continue;
      const pattern = new RegExp(`^[${String.fromCodePoint(codePoint)}]$`, 'iu');
      expect(variants.filter((one) => !pattern.test(String.fromCodePoint(one)))).toEqual([]);
    }
  });
});
