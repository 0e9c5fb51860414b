import { speedRatio } from '../statistics';
import { duration, megabytes, tableLines } from '../table';
import { groupTitles } from './corpus';
import { ours } from './peers.mjs';
import type { TextResults } from './results';
import { shown } from './thresholds';
import { advantage, type GroupSpeeds } from './throughput';
import { trainedVocabulary } from './training';
import { letterCount, worstSizes } from './worst-cases';

/** Everything that was found, as tables. */
export function reportLines(results: TextResults): string[] {
  return [
    ...headLines(results),
    ...results.encodings.flatMap(({ encoding, groups }) => ['', ...speedLines(encoding, groups)]),
    ...jsonLines(results),
    ...loadLines(results),
    ...worstLines(results),
    ...trainingLines(results),
    ...results.missing.map((what) => `left out: ${what}`),
  ];
}

function headLines({ machine, rounds, peers }: TextResults): string[] {
  const versions = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.cpu}, ${machine.cores} cores, ${megabytes(machine.memoryBytes)}, ${machine.system}, Node ${machine.node}`,
    `peers: ${versions.join(', ') || 'none'}`,
    `everyone in a process of their own, one thread, in turns; MB of UTF-8 a second of processor time, medians of ${rounds} rounds`,
    'first: nothing is remembered of texts, code was optimized on other text; hot: the same text again',
  ];
}

function speedLines(encoding: string, groups: readonly GroupSpeeds[]): string[] {
  const names = groups[0]?.speeds.map(({ name }) => name) ?? [];
  const different = groups.flatMap(({ group, speeds }) =>
    speeds
      .filter((speed) => speed.different > 0)
      .map(
        (speed) => `${speed.name} gives other ids for ${speed.different} of ${speed.documents} documents (${group})`,
      ),
  );
  const rows = groups.map(({ group, bytes, speeds }) => [
    group === 'mixed' ? 'mixed' : groupTitles[group],
    (bytes / 1e6).toFixed(1),
    ...speeds.map(({ first, hot }) => `${first.median.toFixed(1)} / ${hot.median.toFixed(1)}`),
    ratioText(speeds),
  ]);
  return [...tableLines([`${encoding}: first / hot`, 'MB', ...names, 'ratio'], rows), ...different];
}

function ratioText(speeds: GroupSpeeds['speeds']): string {
  const ratios = (['first', 'hot'] as const).map((kind) => advantage(speeds, kind)?.toFixed(1) ?? '-');
  return ratios.join(' / ');
}

function jsonLines({ vocabularies }: TextResults): string[] {
  if (vocabularies.length === 0) return [];
  const rows = vocabularies.map(({ vocabulary, mixed }) => [
    vocabulary,
    (mixed.bytes / 1e6).toFixed(1),
    ...mixed.speeds.map(({ first, hot }) => `${first.median.toFixed(2)} / ${hot.median.toFixed(2)}`),
    ratioText(mixed.speeds),
    String(mixed.speeds[1]?.different ?? ''),
  ]);
  const names = vocabularies[0]!.mixed.speeds.map(({ name }) => name);
  return ['', ...tableLines(['tokenizer.json: first / hot', 'MB', ...names, 'ratio', 'other ids'], rows)];
}

function loadLines({ loads }: TextResults): string[] {
  if (loads.length === 0) return [];
  const names = [...new Set(loads.map(({ name }) => name))];
  const encodings = [...new Set(loads.map(({ encoding }) => encoding))];
  const rows = names.map((name) => [
    name,
    ...encodings.map((encoding) => {
      const found = loads.find((each) => each.name === name && each.encoding === encoding);
      return found ? `${duration(found.load.smallest)} / ${duration(found.load.median)}` : '';
    }),
  ]);
  return ['', ...tableLines(['load and first word: least / median', ...encodings], rows)];
}

function worstLines({ letters, worst }: TextResults): string[] {
  if (letters.length === 0 && worst.length === 0) return [];
  const lines = letters.map(
    ({ vocabulary, time }) =>
      `${letterCount} letters without a space, ${vocabulary}: ${duration(time.median)} of processor time`,
  );
  const rows = worst.map(({ vocabulary, what, times, growth }) => [
    vocabulary,
    shown(what),
    ...times.map(({ median }) => duration(median)),
    growth.toFixed(2),
  ]);
  const sizes = worstSizes.map((size) => `${size / 1000} kB`);
  return ['', ...lines, ...tableLines(['vocabulary', 'repeated', ...sizes, 'growth n^'], rows, 2)];
}

function trainingLines({ training }: TextResults): string[] {
  if (!training) return [];
  const { bytes, ours: own, peer, peerVersion, areEqual } = training;
  const what = `training ${trainedVocabulary} tokens of byte-level BPE on ${(bytes / 1e6).toFixed(1)} MB`;
  if (!peer) return ['', `${what}: ${ours} ${duration(own.median)}`];
  return [
    '',
    `${what}, one thread: ${ours} ${duration(own.median)}, tokenizers ${peerVersion} (Python) ${duration(peer.median)}, ` +
      `ratio ${speedRatio(own, peer).toFixed(2)}; merges ${areEqual ? 'are equal' : 'differ'}`,
  ];
}
