import { compareVocabulary, describeReport, missingPackages } from './compare';
import { comparedVocabularies } from './vocabularies';

export interface CompareOptions {
  /** Parts of names; empty: all. */
  readonly names: readonly string[];
  readonly strings: number;
  readonly seed: number;
}

/**
 * Compares vocabularies with their references, a line each.
 *
 * @returns How many could not be compared or differ without a documented cause.
 */
export async function compareAll({ names, strings, seed }: CompareOptions): Promise<number> {
  let failed = 0;
  for (const vocabulary of comparedVocabularies) {
    if (names.length > 0 && !names.some((part) => vocabulary.name.includes(part))) continue;
    const missing = missingPackages(vocabulary);
    if (missing.length > 0) {
      failed += 1;
      console.log(`${vocabulary.name.padEnd(22)} needs ${missing.join(' and ')}: npm run vocabularies`);
      continue;
    }
    const start = performance.now();
    const report = await compareVocabulary(vocabulary, { strings, seed });
    console.log(describeReport(report, (performance.now() - start) / 1000));
    if (report.differences > 0) failed += 1;
  }
  return failed;
}
