import { join } from 'node:path';
import { plotCodeUsage, plotRankFrequency } from '@tesserae/core/metrics';
import { writeBytes } from '../io/files';
import type { LevelReport, TokenSet } from './token-set';

/** Codebooks of more codes get no picture of their ids. */
const mostDrawnCodes = 2 ** 22;

/**
 * Writes the rank-frequency plot of every level, and the usage by id where the codebook is not too large.
 *
 * @returns Paths in order.
 */
export async function writePlots(folder: string, set: TokenSet, signal: AbortSignal): Promise<readonly string[]> {
  const { variant, fingerprint } = set.tokenizer;
  const written: string[] = [];
  for (const level of set.levels()) {
    const name = `${variant.replace(/[^\w.-]+/g, '-')}-${fingerprint.slice(0, 8)}-level-${level.level}`;
    const title = `${variant}, level ${level.level}`;
    const write = async (kind: string, svg: string): Promise<void> => {
      const path = join(folder, `${name}-${kind}.svg`);
      await writeBytes(path, new TextEncoder().encode(svg), signal);
      written.push(path);
    };
    await write(
      'ranks',
      plotRankFrequency(
        level.frequencies.map(({ count }) => count),
        { title },
      ),
    );
    const counts = countsById(level);
    if (counts) await write('usage', plotCodeUsage(counts, { title }));
  }
  return written;
}

function countsById({ usage, frequencies }: LevelReport): Float64Array | undefined {
  if (usage.vocabularySize > mostDrawnCodes) return undefined;
  const counts = new Float64Array(usage.vocabularySize);
  for (const { symbol, count } of frequencies) counts[symbol as number] = count;
  return counts;
}
