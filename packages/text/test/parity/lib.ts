import type { RandomSource } from '@tesserae/core/data';
import { mulberry32 } from '@tesserae/core/data';
import type { ParityRunner } from '@tesserae/core/test';
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
    readonly lexicon: readonly string[];
    readonly probation: readonly (readonly [chunk: string, life: number])[];
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
    report.equal(`lexicon after ${step}`, lexicon.chunks(), snapshot.lexicon);
    const probation = Array.from(learner.probation, ([chunk, { life }]) => [chunk, life]);
    report.equal(`probation after ${step}`, probation, snapshot.probation);
  }
  const segments = (options: { readonly deeper?: boolean } = {}) =>
    corpus.test.map((text) => segmentByLexicon(lexicon, text, { ...options, officialSingles: true }));
  report.equal('segments before cleaning', segments(), expected.applyBeforeClean);
  learner.clean();
  report.equal('lexicon', lexicon.chunks(), expected.final);
  report.equal('segments', segments(), expected.apply);
  report.equal('deeper segments', segments({ deeper: true }), expected.applyDeeper);
};

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
