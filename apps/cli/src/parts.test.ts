import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from './command';
import { outputPath } from './io/files';
import { describeError } from './output/describe-error';
import { bar } from './output/output';
import { byteSize, table } from './output/table';
import { parseCommandLine } from './parse-command-line';

const options = { out: { type: 'string', alias: 'o' }, quiet: { type: 'boolean' } } as const;

describe('parseCommandLine', () => {
  it('reads options, aliases, inline values and operands', () => {
    expect(parseCommandLine(['a.png', '-o', 'x', '--quiet', '-'], options)).toMatchObject({
      options: { out: 'x', quiet: true },
      positionals: ['a.png', '-'],
    });
    expect(parseCommandLine(['--out=y'], options).options['out']).toBe('y');
  });

  it('refuses what the command does not have, and options without their value', () => {
    expect(() => parseCommandLine(['--nope'], options)).toThrow(UsageError);
    expect(() => parseCommandLine(['--out'], options)).toThrow(UsageError);
    expect(() => parseCommandLine(['--out', '--quiet'], options)).toThrow(UsageError);
  });
});

describe('outputPath', () => {
  it('goes beside the input, into a folder, to a file or to standard output', () => {
    expect(outputPath(join('a', 'b.png'), '.tok', undefined, true)).toBe(join('a', 'b.tok'));
    expect(outputPath('b.png', '.tok', 'out', true)).toBe(join('out', 'b.tok'));
    expect(outputPath('b.png', '.tok', 'x.tok', true)).toBe('x.tok');
    expect(outputPath('b.png', '.tok', 'x.tok', false)).toBe(join('x.tok', 'b.tok'));
    expect(outputPath('-', '.tok', undefined, true)).toBe('-');
    expect(outputPath('b.png', '.tok', '-', true)).toBe('-');
  });
});

describe('output', () => {
  it('draws bars and tables, and names sizes', () => {
    expect(bar(5, 10)).toBe(`[${'#'.repeat(12)}${'-'.repeat(12)}] 5/10`);
    expect(bar(7, undefined)).toBe('7');
    expect(table([{ n: 5 }], [{ title: 'count', align: 'right', value: ({ n }) => String(n) }])).toBe('count\n    5');
    expect([byteSize(999), byteSize(1500), byteSize(2_564_218_940)]).toEqual(['999 B', '1.5 kB', '2.6 GB']);
  });

  it('turns errors of the system into words', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', path: 'x.tok' });
    expect(describeError(full)).toBe('x.tok: the disk is full');
    expect(describeError('text')).toBe('text');
  });
});
