import { InputError } from '@tesserae/core/data';
import { createLibLearner, type LibOptions } from './learner';
import { libMetrics } from './metrics';
import { segmentByLexicon } from './segment';

export interface TrainLibOptions extends LibOptions {
  /** Articles read. Default 500. */
  readonly steps?: number;
  /** Sentences of one article; the corpus begins anew where it ends. Default 200. */
  readonly articleLength?: number;
  /** Steps between measurements on `test`. Default 100. */
  readonly measureEvery?: number;
  /** Sentences that metrics are of. Default: the first 10. */
  readonly test?: readonly string[];
}

/** After every step. */
export interface LibProgress {
  readonly step: number;
  readonly steps: number;
  readonly lexiconSize: number;
  readonly onProbation: number;
  /** Every `measureEvery` steps and at the end: larger is better, see `libMetrics`. */
  readonly evaluationIndex?: number;
}

/**
 * Learns a lexicon from sentences, which are read as they are, without spaces taken away or words cut.
 *
 * @returns Chunks by rank, without those on probation.
 * @throws {InputError} No sentences, or options out of range.
 */
export function* trainLib(sentences: readonly string[], options: TrainLibOptions): Generator<LibProgress, string[]> {
  const { steps = 500, articleLength = 200, measureEvery = 100, test = sentences.slice(0, 10) } = options;
  if (sentences.length === 0) throw new InputError('sentences', 'at least one', 'none');
  for (const [name, value] of Object.entries({ steps, articleLength, measureEvery })) {
    if (!Number.isInteger(value) || value < 1) throw new InputError(name, 'an integer of at least 1', String(value));
  }
  const learner = createLibLearner(options);
  const { lexicon, probation } = learner;
  for (let step = 0; step < steps; step += 1) {
    const first = step * articleLength;
    learner.read(Array.from({ length: articleLength }, (_, index) => sentences[(first + index) % sentences.length]!));
    const progress = { step, steps, lexiconSize: lexicon.size, onProbation: probation.size };
    if ((step + 1) % measureEvery !== 0 && step + 1 < steps) {
      yield progress;
      continue;
    }
    const chunks = test.flatMap((sentence) => segmentByLexicon(lexicon, sentence));
    yield { ...progress, evaluationIndex: libMetrics(chunks, lexicon.size).evaluationIndex };
  }
  learner.clean();
  return lexicon.chunks();
}
