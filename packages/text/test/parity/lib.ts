import type { RandomSource } from '@tesserae/core/data';
import { mulberry32 } from '@tesserae/core/data';
import type { ParityReport, ParityRunner } from '@tesserae/core/test';
import { createLibLearner } from '../../src/less-is-better/learner';
import { segmentByLexicon } from '../../src/less-is-better/segment';

interface LibConfig {
  readonly in_rate: number;
  readonly out_rate: number;
  readonly update_rate: number;
  readonly life: number;
  readonly inspect_context: boolean;
  readonly max_chunk_len?: number | null;
}

interface ExpectedFile {
  readonly snapshots: readonly {
    readonly afterStep: number;
    readonly draws: number;
    /** Long ones in part. */
    readonly lexicon:
      | readonly string[]
      | { readonly length: number; readonly head: readonly string[]; readonly tail: readonly string[] };
    /** Or only how many. */
    readonly probation:
      | readonly (readonly [chunk: string, life: number, context: readonly [before: string, after: string] | null])[]
      | number;
  }[];
  readonly final: readonly string[];
  readonly applyBeforeClean: readonly (readonly string[])[];
  readonly apply: readonly (readonly string[])[];
  readonly applyDeeper: readonly (readonly string[])[];
}

export const runLib: ParityRunner = async (test, report) => {
  const corpus = (await test.json('corpus.json')) as unknown as Readonly<
    Record<'sentences' | 'test', readonly string[]>
  >;
  const expected = (await test.json('expected.json')) as unknown as ExpectedFile;
  const config = test.config as unknown as LibConfig;
  const { random, drawn } = recordedDraws(await test.bytes('draws.bin'));
  const learner = createLibLearner({
    random,
    inRate: config.in_rate,
    outRate: config.out_rate,
    updateRate: config.update_rate,
    life: config.life,
    inspectContext: config.inspect_context,
    ...(config.max_chunk_len && { maxChunkLength: config.max_chunk_len }),
  });
  const { lexicon } = learner;
  const perStep = Number(/s\*(\d+)/.exec(String(test.facts['articles']))![1]);
  let step = 0;
  for (const snapshot of expected.snapshots) {
    for (; step < snapshot.afterStep; step += 1) {
      const place = (index: number) => (step * perStep + index) % corpus.sentences.length;
      learner.read(Array.from({ length: perStep }, (_, index) => corpus.sentences[place(index)]!));
    }
    report.equal(`draws after ${step}`, drawn(), snapshot.draws);
    compareLexicon(`lexicon after ${step}`, lexicon.chunks(), snapshot.lexicon, report);
    const probation = Array.from(learner.probation, ([chunk, { life, context }]) => [chunk, life, context ?? null]);
    const isCounted = typeof snapshot.probation === 'number';
    report.equal(`probation after ${step}`, isCounted ? probation.length : probation, snapshot.probation);
  }
  const segments = (options: { readonly deeper?: boolean } = {}) =>
    corpus.test.map((text) => segmentByLexicon(lexicon, text, { ...options, officialSingles: true }));
  report.equal('segments before cleaning', segments(), expected.applyBeforeClean);
  learner.clean();
  report.equal('lexicon', lexicon.chunks(), expected.final);
  report.equal('segments', segments(), expected.apply);
  report.equal('deeper segments', segments({ deeper: true }), expected.applyDeeper);
};

function compareLexicon(
  name: string,
  chunks: readonly string[],
  expected: ExpectedFile['snapshots'][number]['lexicon'],
  report: ParityReport,
): void {
  if (!('head' in expected)) {
    report.equal(name, chunks, expected);
    return;
  }
  const { length, head, tail } = expected;
  report.equal(`${name}: size`, chunks.length, length);
  report.equal(`${name}: head`, chunks.slice(0, head.length), head);
  report.equal(`${name}: tail`, chunks.slice(chunks.length - tail.length), tail);
}

/** Draws as bits: below the rate or not. */
function recordedDraws(bits: Uint8Array): { readonly random: RandomSource; readonly drawn: () => number } {
  let next = 0;
  const draw = () => {
    const bit = (bits[next >> 3]! >> (next & 7)) & 1;
    next += 1;
    return bit === 1 ? 0 : 1;
  };
  const uniform = (count: number) => Float32Array.from({ length: count }, draw);
  return { random: { ...mulberry32(0), uniform }, drawn: () => next };
}
