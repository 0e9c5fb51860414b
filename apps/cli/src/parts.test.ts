import { join } from 'node:path';
import { Tokens, type Json } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { UsageError } from './command';
import { factLines } from './inspect/facts';
import { outputPath, outputPaths } from './io/output-paths';
import { pictureGroups } from './io/tile-groups';
import { describeError } from './output/describe-error';
import { describeTreatment } from './output/describe-source';
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

describe('outputPaths', () => {
  it('refuses what would be lost', () => {
    expect(outputPaths(['a/x.png', 'b/x.png'], '.tok', undefined)).toHaveLength(2);
    expect(outputPaths(['x.png', './x.png'], '.tok', undefined)).toHaveLength(2);
    expect(() => outputPaths(['a/x.png', 'b/x.png'], '.tok', 'out')).toThrow('a/x.png and b/x.png');
    expect(() => outputPaths(['x.tok'], '.tok', undefined)).toThrow('would be overwritten');
    expect(() => outputPaths(['-', 'x.png'], '.tok', '-')).toThrow('takes one result');
  });
});

describe('pictureGroups', () => {
  const item = (tiles?: Json) =>
    new Tokens({
      tokenizer: { id: 'image/x', variant: 'x', library: 'x', fingerprint: '0123456789abcdef' },
      levels: [{ kind: 'index', vocabularySize: 4, shape: [1], axes: ['token'], data: Int32Array.of(1) }],
      source: {
        modality: 'image',
        width: 8,
        height: 8,
        pipeline: 'none',
        ...(tiles !== undefined && { extra: { tiles } }),
      },
      prefixUnit: 'none',
    });

  it('keeps the tiles of a picture together, and ends whatever the file says', () => {
    const tile = item({ columns: 2, rows: 1 });
    expect(pictureGroups([item(), tile, tile, item()]).map((group) => group.length)).toEqual([1, 2, 1]);
    for (const columns of [0, -1, 1.5, 'x', null])
      expect(pictureGroups([item({ columns, rows: 1 }), item()]).map((group) => group.length)).toEqual([1, 1]);
    expect(pictureGroups([item({ columns: 9, rows: 9 })])).toHaveLength(1);
  });
});

describe('facts', () => {
  it('are shown as lines, long lists cut', () => {
    expect(factLines({ file: 'a', payloadBits: 3, levels: [{ shape: [1, 2] }, { kind: 'x' }], none: [] })).toEqual([
      'file          a',
      'payload bits  3',
      'levels        shape [1, 2]',
      '              kind x',
      'none          none',
    ]);
    expect(factLines({ many: Array.from({ length: 20 }, (_, index) => index) }).at(-1)).toContain('8 more');
  });

  it('say what was cropped, scaled and padded', () => {
    const source = (extra: Json) => ({ modality: 'image', width: 40, height: 20, pipeline: 'p', extra }) as const;
    expect(describeTreatment(source({ crop: [0, 0, 40, 20], scale: [1, 1], pad: [0, 0, 0, 0] }))).toBeUndefined();
    expect(describeTreatment(source({ crop: [10, 0, 30, 20], scale: [0.5, 0.5], pad: [0, 1, 0, 1] }))).toBe(
      'cropped to 10,0 … 30,20 of 40 x 20, scaled by 0.5, padded by 0, 1, 0, 1',
    );
    expect(describeTreatment({ modality: 'text', characters: 3, pipeline: 'p' })).toBeUndefined();
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
