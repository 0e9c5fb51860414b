import { levelSymbols, placeOf } from './level-codec';
import { alphabetOf, type LevelCoding, type LevelFormat, plainWidth } from './level-format';
import { countTokens } from './levels';
import { radixBytes, radixSaves } from './mixed-radix';
import { estimateBytes, type FrequencyTables, normalizeCounts, ransFits } from './rans';
import type { TokenLevel, TokensInit } from './token-types';

/** Contexts by position: no level gets more tables than this, nor more table entries in all. */
const mostTables = 4096;
const mostTableEntries = 2 ** 20;

/** Chooses packing and, if asked for, frequency tables of each level: only what makes the file smaller. */
export function chooseCodings(
  formats: readonly LevelFormat[],
  items: readonly TokensInit[],
  options: { readonly entropy?: 'none' | 'rans'; readonly packing?: 'bits' | 'radix' },
): readonly LevelCoding[] {
  return formats.map((format, index) => {
    const levels = items.map((item) => item.levels[index]!);
    const packed = options.packing === 'radix' && format.kind === 'index' && radixSaves(alphabetOf(format));
    const plain: LevelFormat = packed ? { ...format, packing: 'radix' } : format;
    if (options.entropy !== 'rans' || format.kind === 'float' || !ransFits(alphabetOf(format))) {
      return { format: plain };
    }
    return smallest([
      { coding: { format: plain }, bytes: plainBytes(plain, levels) },
      candidate(format, levels, 'none'),
      candidate(format, levels, 'position'),
    ]);
  });
}

interface Candidate {
  readonly coding: LevelCoding;
  readonly bytes: number;
}

function smallest(candidates: readonly (Candidate | undefined)[]): LevelCoding {
  const present = candidates.filter((entry) => entry !== undefined);
  return present.reduce((best, entry) => (entry.bytes < best.bytes ? entry : best)).coding;
}

function plainBytes(format: LevelFormat, levels: readonly TokenLevel[]): number {
  return levels.reduce((sum, { shape }) => {
    const count = countTokens(shape);
    return (
      sum +
      (format.packing === 'radix' ? radixBytes(count, alphabetOf(format)) : Math.ceil((count * plainWidth(format)) / 8))
    );
  }, 0);
}

function candidate(
  format: LevelFormat,
  levels: readonly TokenLevel[],
  contexts: 'none' | 'position',
): Candidate | undefined {
  const alphabet = alphabetOf(format);
  const places = Math.max(
    ...levels.map((level) => (level.kind === 'bits' ? level.bitsPerToken : countTokens(level.shape))),
  );
  const tableCount = contexts === 'none' ? 1 : Math.min(places, mostTables);
  if (contexts === 'position' && (tableCount < 2 || tableCount * alphabet > mostTableEntries)) {
    return undefined;
  }
  const counts = Array.from({ length: tableCount }, () => new Float64Array(alphabet));
  for (const level of levels) {
    const place = placeOf(level);
    for (const [position, symbol] of levelSymbols(level).entries()) {
      counts[Math.min(place(position), tableCount - 1)]![symbol]! += 1;
    }
  }
  const tables: FrequencyTables = normalizeCounts(counts);
  const coded: LevelFormat = { ...format, contexts, frequencies: [...tables.frequencies] };
  const headerBytes = JSON.stringify(coded).length - JSON.stringify(format).length;
  const states = 4 * (levels.length - 1);
  return { coding: { format: coded, tables }, bytes: estimateBytes(counts, tables) + states + headerBytes };
}
