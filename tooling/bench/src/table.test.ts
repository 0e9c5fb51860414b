import { describe, expect, it } from 'vitest';
import { duration, megabytes, percent, tableLines } from './table';

describe('tables', () => {
  it('line up, and end without spaces', () => {
    expect(
      tableLines(
        ['row', 'time', 'note'],
        [
          ['a', '1 ms', ''],
          ['long', '12 ms', 'x'],
        ],
      ),
    ).toEqual(['row    time  note', '----  -----  ----', 'a      1 ms', 'long  12 ms     x']);
  });

  it('write figures shortly', () => {
    expect([1.234, 123.4, 1234, 12_345].map(duration)).toEqual(['1.2 ms', '123 ms', '1.23 s', '12.3 s']);
    expect(megabytes(2_564_295_348)).toBe('2564 MB');
    expect(percent(0.947)).toBe('95 %');
  });
});
