import { describe, expect, it } from 'vitest';
import { matchesOf } from '../../test/matches-of';
import { randomTexts } from '../../test/random-text';
import { deepseekPatterns, cl100kPattern, gpt2Pattern, o200kPattern } from '../scanner/known-patterns';
import { mayExplode } from './explosive';
import { readPatternTree } from './pattern-tree';
import { steppedPattern } from './stepped-pattern';
import { translatePattern } from './translate';

/** Every kind of construct. */
const constructs = [
  'a++b|\\w+?\\d',
  '(?<x>a|b)\\k<x>',
  '(?<=a\\s{0,2})b|(?<!\\w)T',
  '(?>\\s+)\\S|x*?y',
  '(?i:the|\\u00e9)+',
  '(?:[a-z]|\\s)*!',
  '(?:a|aZ)*s|^[^\\n]$',
  "(?:'s|'t)?\\p{L}{2,3}?(?=\\p{N})",
  '(?:\\p{Lu}\\p{M}*)+|.',
];
const published = [gpt2Pattern, cl100kPattern, o200kPattern, ...deepseekPatterns];

describe('steppedPattern', () => {
  it.each([...constructs, ...published])('matches as the engine does: %s', (pattern) => {
    const source = translatePattern(pattern);
    const stepped = steppedPattern(readPatternTree(source), pattern);
    const regex = new RegExp(source, 'gu');
    for (const text of randomTexts(600, 11)) expect(matchesOf(stepped, text)).toEqual(matchesOf(regex, text));
  });
  it('gives up in time', () => {
    const pattern = '(a|a)*b';
    const stepped = steppedPattern(readPatternTree(translatePattern(pattern)), pattern);
    expect(() => matchesOf(stepped, 'a'.repeat(200))).toThrow(/too many steps/);
    expect(matchesOf(stepped, 'aab')).toEqual(['0: aab']);
  });
});

describe('mayExplode', () => {
  const isSuspected = (pattern: string) => mayExplode(readPatternTree(translatePattern(pattern)));

  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(?:\\w+\\s?)*!',
    '(.*)(.*)x',
    '\\s*\\s*\\s*a',
    '(a?){30}',
    '(?:a{0,99}){0,99}b',
    '(x+x+)+y',
  ])('suspects %s', (pattern) => expect(isSuspected(pattern)).toBe(true));
  it.each([...published, '\\s+', '(?:a|b)+', '(?>a+)+', '[^\\n]+\\n', 'ab?c', '(a{2}b)+'])(
    'does not suspect %s',
    (pattern) => expect(isSuspected(pattern)).toBe(false),
  );
});
