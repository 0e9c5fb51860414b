import { InputError } from '@tesserae/core/data';
import { dynamicBpe, type DynamicBpeOptions } from './dynamic-bpe';

/**
 * Mean number of tokens of a text after `0..maxMerges` merges a batch: the table from which a number of merges is chosen
 * (`get_merges2seqlen_for_dataset` of the official code). A batch that has nothing left to merge keeps its length.
 *
 * @param batches - Base tokens of the texts of every batch.
 * @throws {InputError} No texts.
 */
export function mergesToMeanLength(
  batches: readonly (readonly (readonly string[])[])[],
  options: DynamicBpeOptions = {},
): Float64Array {
  const { maxMerges = 1000 } = options;
  const texts = batches.reduce((sum, batch) => sum + batch.length, 0);
  if (texts === 0) throw new InputError('batches', 'at least one text', 'none');
  const table = new Float64Array(maxMerges + 1);
  for (const batch of batches) {
    const { totals } = dynamicBpe(batch, { ...options, maxMerges });
    for (let merges = 0; merges <= maxMerges; merges += 1) {
      table[merges]! += totals[Math.min(merges, totals.length - 1)]! / texts;
    }
  }
  return table;
}

/**
 * The smallest number of merges that shortens texts by a share; the largest of the table where none does.
 *
 * @param table - Of {@link mergesToMeanLength}.
 * @param reduction - 0..1; 0.2 asks for texts of 80 % of their length.
 */
export function mergesForReduction(table: ArrayLike<number>, reduction: number): number {
  if (!(reduction >= 0 && reduction <= 1)) throw new InputError('reduction', 'a number of 0..1', String(reduction));
  if (table.length === 0) throw new InputError('table', 'at least one length', 'none');
  const wanted = table[0]! * (1 - reduction);
  for (let merges = 0; merges < table.length; merges += 1) if (table[merges]! <= wanted) return merges;
  return table.length - 1;
}
