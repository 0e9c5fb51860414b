import { compareNative } from './compare-native';
import { compareTiktoken } from './compare-tiktoken';
import { isInstalled } from './references';
import { type ComparedReport, createComparison } from './report';
import type { ComparedAmount } from './strings';
import type { ComparedVocabulary } from './vocabularies';

/** Packages of a vocabulary that are not installed. */
export const missingPackages = ({ packages }: ComparedVocabulary): readonly string[] =>
  packages.filter((name) => !isInstalled(name));

/** Compares a vocabulary with its reference, string by string. */
export async function compareVocabulary(
  vocabulary: ComparedVocabulary,
  amount: ComparedAmount,
): Promise<ComparedReport> {
  const comparison = createComparison(vocabulary.name);
  const open = await vocabulary.open();
  if (open.kind === 'native') await compareNative(open, amount, comparison);
  else compareTiktoken(open, amount, comparison);
  return comparison.report();
}

/** A line a vocabulary, and what differs. */
export function describeReport(report: ComparedReport, seconds: number): string {
  const { name, strings, checks, differences, documented, examples } = report;
  const all = differences + [...documented.values()].reduce((sum, count) => sum + count, 0);
  const head = [
    name.padEnd(22),
    `${strings.toLocaleString('en')} strings`.padStart(18),
    `${checks.toLocaleString('en')} checks`.padStart(18),
    `${all} difference${all === 1 ? '' : 's'}`.padStart(16),
    `${seconds.toFixed(1)} s`.padStart(8),
  ].join(' ');
  const causes = [...documented].map(([cause, count]) => `    ${count} documented: ${cause}`);
  const lines = examples.map(
    (one) => `    ${one.what} of ${one.of}\n      ours   ${one.ours}\n      theirs ${one.theirs}`,
  );
  return [head, ...causes, ...lines].join('\n');
}
