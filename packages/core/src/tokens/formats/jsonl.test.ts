import { describe, expect, it } from 'vitest';
import { indexTokens } from '../../../test/arbitrary-tokens';
import { readJsonLines, writeJsonLines } from './jsonl';

describe('JSON lines', () => {
  it('give back items', () => {
    const items = [indexTokens([1, -1]), indexTokens([])];
    const text = writeJsonLines(items);
    expect(text.split('\n')).toHaveLength(3);
    expect(readJsonLines(`${text}\r\n`)).toEqual(items);
  });

  it('name the line that is no JSON', () => {
    expect(() => readJsonLines(`${writeJsonLines([indexTokens([1])])}{"a"`)).toThrow(
      expect.objectContaining({ code: 'malformed', message: expect.stringContaining('line 2') }),
    );
  });
});
