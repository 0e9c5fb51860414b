import type { HostTensor, HostTensors, IndexLevel, Tokens } from '@tesserae/core';
import { TokensError } from '@tesserae/core/data';
import { presentIds } from '../tokenizer/code-levels';
import type { SnacConfig } from './config';
import { rowsOf } from './levels';

/**
 * Rows of the codes of a unit as levels, coarse to fine, each `[its codes]` along time.
 *
 * @param outputs - `ids` `[rows, 1, units]`, int32; `margins` likewise, float32.
 */
export function levelsOfRows({ ids, margins }: HostTensors, config: SnacConfig): IndexLevel[] {
  let first = 0;
  return rowsOf(config).map((rows) => {
    const take = (from: HostTensor) => inTime(from, first, rows);
    const level: IndexLevel = {
      kind: 'index',
      vocabularySize: config.codebookSize,
      shape: [rows * ids!.shape[2]!],
      axes: ['time'],
      data: Int32Array.from(take(ids!)),
      ...(margins && { margins: Float32Array.from(take(margins)) }),
    };
    first += rows;
    return level;
  });
}

/** Some rows of `[rows, 1, units]`, unit after unit. */
function inTime({ shape, data }: HostTensor, first: number, rows: number): number[] {
  const units = shape[2]!;
  return Array.from({ length: rows * units }, (_, index) => {
    const unit = Math.floor(index / rows);
    return data[(first + (index % rows)) * units + unit]!;
  });
}

/**
 * Levels of one clip as the rows that a decoder takes, `[rows, 1, units]`, int32.
 *
 * @param tokens - All levels, or the first ones.
 * @throws {TokensError} `invalid-tokens`: a level has another length than the first one asks for, part of a unit, no
 *   tokens, or an id is -1 (no token).
 */
export function rowsOfLevels({ levels }: Pick<Tokens, 'levels'>, config: SnacConfig): HostTensor {
  const counts = rowsOf(config).slice(0, levels.length);
  const units = Math.floor(levels[0]!.shape[0]! / counts[0]!);
  if (units === 0)
    throw new TokensError('invalid-tokens', 'levels[0]: expected at least one unit of tokens, got none.');
  const data = new Int32Array(counts.reduce((sum, rows) => sum + rows, 0) * units);
  let first = 0;
  levels.forEach((level, index) => {
    const rows = counts[index]!;
    const given = level.shape[0]!;
    if (given !== rows * units) {
      const expected = `${rows * units} tokens, ${rows} of each of ${units} units`;
      throw new TokensError('invalid-tokens', `levels[${index}]: expected ${expected}, got ${given}.`);
    }
    presentIds(level, index).forEach((id, at) => {
      data[(first + (at % rows)) * units + Math.floor(at / rows)] = id;
    });
    first += rows;
  });
  return { shape: [first, 1, units], data };
}
