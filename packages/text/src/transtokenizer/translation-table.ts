import { digamma } from '../numeric/digamma';
import type { WordTranslation } from './align-words';

/** `P(new word | old word)`, and counts of the round that is going on. `undefined` is no old word. */
export interface TranslationTable {
  /** The same for all pairs before the first {@link normalize}. */
  probability(old: string | undefined, latest: string): number;
  add(old: string | undefined, latest: string, count: number): void;
  /** Makes probabilities of the counts, and begins a new round. */
  normalize(dirichlet?: number): void;
  /** Pairs with an old word, with the counts of the last round. */
  entries(): WordTranslation[];
}

interface Cell {
  probability: number;
  count: number;
  lastCount: number;
}

/** Before anything is known, and for pairs that were never seen. */
const initialProbability = 1e-9;

export function createTranslationTable(): TranslationTable {
  const rows = new Map<string | undefined, Map<string, Cell>>();
  return {
    probability: (old, latest) => rows.get(old)?.get(latest)?.probability ?? initialProbability,
    add: (old, latest, count) => {
      let row = rows.get(old);
      if (!row) rows.set(old, (row = new Map<string, Cell>()));
      const cell = row.get(latest);
      if (cell) cell.count += count;
      else row.set(latest, { probability: initialProbability, count, lastCount: 0 });
    },
    normalize: (dirichlet) => {
      for (const row of rows.values()) normalizeRow([...row.values()], dirichlet);
    },
    entries: () => {
      const found: WordTranslation[] = [];
      for (const [old, row] of rows) {
        if (old === undefined) continue;
        for (const [latest, { probability, lastCount }] of row) {
          found.push({ oldWord: old, newWord: latest, count: lastCount, logProbability: Math.log(probability) });
        }
      }
      return found;
    },
  };
}

function normalizeRow(cells: readonly Cell[], dirichlet: number | undefined): void {
  const prior = dirichlet ?? 0;
  const total = cells.reduce((sum, cell) => sum + cell.count + prior, 0);
  for (const cell of cells) {
    const count = cell.count + prior;
    if (dirichlet === undefined) cell.probability = total > 0 ? count / total : 0;
    else cell.probability = Math.exp(digamma(count) - digamma(total));
    cell.lastCount = cell.count;
    cell.count = 0;
  }
}
