import type { CodedSize } from '@tesserae/core/metrics';
import { table, type Column } from '../output/table';
import type { LevelReport } from './token-set';

const right = (title: string, value: Column<LevelReport>['value']): Column<LevelReport> => ({
  title,
  value,
  align: 'right',
});

const columns: readonly Column<LevelReport>[] = [
  right('level', ({ level }) => String(level)),
  right('tokens', ({ usage }) => String(usage.tokens)),
  right('vocabulary', (level) => vocabularyText(level)),
  right('used', ({ usage }) => String(usage.used)),
  right('dead', ({ usage }) => (usage.dead < 1e9 ? String(usage.dead) : '-')),
  right('perplexity', ({ usage }) => fixed(usage.perplexity, 1)),
  right('bits', ({ entropy }) => fixed(entropy.plugIn, 3)),
  right('of most', ({ entropy }) => `${fixed(100 * entropy.efficiency, 1)} %`),
  right('zipf', ({ zipf }) => fixed(zipf.maximumLikelihood.exponent, 3)),
  right('heaps', ({ heaps }) => fixed(heaps.exponent, 3)),
  right('packed', ({ compressibility }) => String(compressibility.packed)),
  right('rans 0', ({ compressibility }) => sizeText(compressibility.order0)),
  right('rans 1', ({ compressibility }) => sizeText(compressibility.order1)),
  right('deflate', ({ compressibility }) => String(compressibility.deflate)),
];

/** One row a level. */
export function statisticsTable(levels: readonly LevelReport[]): string {
  return table(levels, columns);
}

function vocabularyText({ kind, bitsPerToken, usage }: LevelReport): string {
  return kind === 'bits' ? `2^${bitsPerToken}` : String(usage.vocabularySize);
}

/** Coded tokens and the tables that go with them. */
function sizeText(size: CodedSize | null): string {
  return size === null ? '-' : `${size.payload}+${size.tables}`;
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}
