import { readFile, writeFile } from 'node:fs/promises';
import { Tokens, writeTokensFile, type TokenLevel } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { commandBox, finished } from './tesserae';

const box = commandBox();

const identity = { id: 'audio/sample', variant: 'sample-q2', library: '@tesserae/audio@0.0.0' };

function made(levels: readonly TokenLevel[], fingerprint = '0123456789abcdef'): Tokens {
  return new Tokens({
    tokenizer: { ...identity, fingerprint },
    source: { modality: 'audio', pipeline: 'none', sampleRate: 8, samples: 8 },
    prefixUnit: 'level',
    levels,
  });
}

const ids = (data: readonly number[], vocabularySize = 4): TokenLevel => ({
  kind: 'index',
  vocabularySize,
  shape: [data.length],
  axes: ['time'],
  data: Int32Array.from(data),
});
const wideBits: TokenLevel = { kind: 'bits', bitsPerToken: 64, shape: [1], axes: ['time'], data: new Uint8Array(8) };
const floats: TokenLevel = {
  kind: 'float',
  storage: 'float32',
  shape: [1],
  axes: ['time'],
  data: Float32Array.of(1),
};

interface Report {
  readonly sets: readonly {
    readonly files: readonly string[];
    readonly items: number;
    readonly levels: readonly {
      readonly usage: { readonly used: number; readonly perplexity: number };
      readonly heaps: { readonly newTypes: readonly number[] };
    }[];
  }[];
  readonly plots: readonly string[];
}

describe('stats', () => {
  it('reports every level of files taken together', async () => {
    await writeFile(box.path('a.tok'), writeTokensFile([made([ids([0, 0]), ids([5, 6], 9)])]));
    await writeFile(box.path('b.tok'), writeTokensFile([made([ids([1]), ids([5], 9)]), made([ids([2]), ids([7], 9)])]));
    const text = (await box.run('stats', '[ab].tok')).stdout.toString();
    expect(text).toContain('audio/sample sample-q2: 3 items of 2 files');
    expect(text).toMatch(/level +tokens +vocabulary +used +dead +perplexity/);
    expect(text).toMatch(/\n +1 +4 +4 +3 +1 +2\.8 +1\.500 +75\.0 %/);
    expect(text).toMatch(/\n +2 +4 +9 +3 +6 +2\.8 /);
    const { sets } = await box.json<Report>('stats', 'a.tok', 'b.tok');
    expect(sets).toHaveLength(1);
    expect(sets[0]).toMatchObject({ files: ['a.tok', 'b.tok'], items: 3 });
    expect(sets[0]!.levels[0]!.usage.perplexity).toBeCloseTo(2.828427, 6);
    expect(sets[0]!.levels.map(({ heaps }) => heaps.newTypes)).toEqual([
      [1, 1, 1],
      [2, 0, 1],
    ]);
    expect((await box.run('stats', 'a.tok', '--quiet')).stdout.toString()).toBe('');
  });

  it('keeps other weights apart and reads standard input', async () => {
    await writeFile(box.path('c.tok'), writeTokensFile([made([wideBits], 'fedcba9876543210')]));
    const { sets } = await box.json<Report>('stats', 'a.tok', 'c.tok');
    expect(sets).toHaveLength(2);
    const reading = box.start(['stats', '-']);
    reading.stdin!.end(await readFile(box.path('c.tok')));
    expect((await finished(reading)).stdout.toString()).toMatch(/2\^64 +1 +- +1\.0/);
  });

  it('draws ranks and usage', async () => {
    const { plots } = await box.json<Report>('stats', 'a.tok', 'c.tok', '--svg', 'plots');
    expect(plots).toEqual([
      'plots/sample-q2-01234567-level-1-ranks.svg',
      'plots/sample-q2-01234567-level-1-usage.svg',
      'plots/sample-q2-01234567-level-2-ranks.svg',
      'plots/sample-q2-01234567-level-2-usage.svg',
      'plots/sample-q2-fedcba98-level-1-ranks.svg',
    ]);
    for (const path of plots) {
      const svg = await readFile(box.path(path), 'utf8');
      expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/);
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
    expect(await box.partial('plots')).toEqual([]);
  });

  it('fails for what it cannot count, and counts the rest', async () => {
    await writeFile(box.path('d.tok'), writeTokensFile([made([floats])]));
    await writeFile(box.path('e.tok'), writeTokensFile([made([ids([0], 5)])]));
    await box.fails(1, 'd.tok: codebook-usage: levels[0] holds floats', 'stats', 'd.tok');
    await box.fails(1, 'expected ids of 4 codes as in the items before, got ids of 5 codes', 'stats', 'a.tok', 'e.tok');
    await box.fails(1, 'cat.png', 'stats', 'cat.png');
    await box.fails(1, 'absent.tok', 'stats', 'absent.tok');
    await box.fails(2, 'got nothing', 'stats');
    await box.fails(2, '--order: expected row, column, diagonal', 'stats', 'a.tok', '--order', 'spiral');
    expect(await box.json('stats', 'a.tok', 'd.tok')).toMatchObject({
      failed: 1,
      failures: [{ input: 'd.tok', error: { code: 'unsupported' } }],
      sets: [{ files: ['a.tok'] }],
    });
  });
});
