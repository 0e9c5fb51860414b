import { InputError } from '@tesserae/core/data';

/** How {@link kmers} cuts a sequence. */
export interface KmerOptions {
  /** Letters of a k-mer, from 1; published models have 3 to 6. */
  readonly k: number;
  /** False: one k-mer behind the other. Default true: one at every letter. */
  readonly overlapping?: boolean;
  /**
   * What becomes of k-mers with another letter than A, C, G, T: they stay (`keep`), are left out (`skip`), or k-mers
   * begin anew behind such a letter (`split`), which then stands alone where k-mers do not overlap. Default `keep`.
   */
  readonly ambiguous?: 'keep' | 'skip' | 'split';
  /** Letters that are left behind the last k-mer, where they do not overlap, are k-mers of one letter. Default true. */
  readonly keepRest?: boolean;
}

/**
 * Cuts a nucleotide sequence into k-mers: overlapping ones as DNABERT (doi 10.1093/bioinformatics/btab083), or one behind the
 * other, with `split` as the Nucleotide Transformer. Upper case counts; `U` is another letter.
 *
 * @throws {InputError} `k` is no integer from 1.
 */
export function kmers(sequence: string, options: KmerOptions): string[] {
  const { k, overlapping = true, ambiguous = 'keep', keepRest = true } = options;
  checkK(k);
  if (ambiguous === 'split') {
    return sequence
      .split(/([^ACGT])/)
      .filter((part) => part !== '')
      .flatMap((part) => {
        if (/[ACGT]/.test(part)) return kmers(part, { k, overlapping, keepRest });
        return overlapping ? [] : [part];
      });
  }
  const found: string[] = [];
  let at = 0;
  for (; at + k <= sequence.length; at += overlapping ? 1 : k) found.push(sequence.slice(at, at + k));
  if (!overlapping && keepRest) found.push(...sequence.slice(at));
  return ambiguous === 'skip' ? found.filter((kmer) => !/[^ACGT]/.test(kmer)) : found;
}

/** @throws {InputError} `k` is no integer from 1 to 8. */
export function checkVocabularyK(k: number): void {
  checkK(k);
  if (k > 8) throw new InputError('k', 'at most 8, for 65 536 tokens', String(k));
}

function checkK(k: number): void {
  if (!(Number.isInteger(k) && k >= 1)) throw new InputError('k', 'an integer from 1', String(k));
}
