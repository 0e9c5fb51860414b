import { afterEach, describe, expect, it, vi } from 'vitest';
import { matchesOf } from '../../test/matches-of';
import { randomTexts } from '../../test/random-text';
import { cl100kPattern, o200kPattern } from '../scanner/known-patterns';
import { readPatternTree } from './pattern-tree';
import type { PatternMatcher } from './stepped-pattern';
import { compileForeignPattern, translatePattern } from './translate';
import { mayCrawl, watchedPattern } from './watched-pattern';

const treeOf = (pattern: string) => readPatternTree(translatePattern(pattern));
const watched = (pattern: string): PatternMatcher =>
  watchedPattern(new RegExp(translatePattern(pattern), 'gu'), treeOf(pattern), pattern);

describe('mayCrawl', () => {
  it.each(['.*x', '\\s+(?!\\S)', 'a(?=b*c)', '(?<=a.*)b', '(?:a|b*)c', '[^<]*>', 'a{99}b'])('suspects %s', (pattern) =>
    expect(mayCrawl(treeOf(pattern))).toBe(true),
  );
  it.each(['\\p{L}+', ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*', 'a{3}b', '(?:ab|c+)', '(?<!a)b', '[^\\n]*(?:x)?'])(
    'does not suspect %s',
    (pattern) => expect(mayCrawl(treeOf(pattern))).toBe(false),
  );
});

describe('watchedPattern', () => {
  afterEach(() => vi.restoreAllMocks());
  const long = randomTexts(500, 21).join(' ').slice(0, 6000);

  it.each([cl100kPattern, o200kPattern, '.*?the|[^a]+b', '(?=\\w+\\s)|x*y'])(
    'matches as the engine does, also by steps: %s',
    (pattern) => {
      const expected = matchesOf(new RegExp(translatePattern(pattern), 'gu'), long);
      expect(matchesOf(watched(pattern), long)).toEqual(expected);
      let time = 0;
      vi.spyOn(performance, 'now').mockImplementation(() => (time += 150));
      expect(matchesOf(watched(pattern), long)).toEqual(expected);
    },
  );
  it('gives up where counted steps do not do', () => {
    let time = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (time += 150));
    const matcher = compileForeignPattern('.*x');
    expect(() => matchesOf(matcher, 'a'.repeat(9000))).toThrow(/too many steps/);
    expect(matchesOf(matcher, 'aax')).toEqual(['0: aax']);
  });
});
