import type { ParityRunner } from '@tesserae/core/test';
import { byteEditLabels } from '../../src/compoundpiece/edit-labels';
import { segmentCompoundText } from '../../src/compoundpiece/segment-words';

interface Cases {
  readonly labels: readonly {
    readonly word: string;
    readonly segmented: string;
    readonly normalized: string;
    readonly inputIds: readonly (readonly number[])[];
    readonly labels: readonly (readonly (readonly number[])[])[];
  }[];
  readonly segment: readonly {
    readonly text: string;
    readonly max: number;
    readonly out: readonly (readonly [string, string])[];
  }[];
}

export const runCompoundpiece: ParityRunner = async (test, report) => {
  const { labels, segment } = (await test.json('cases.json')) as unknown as Cases;
  for (const one of labels) {
    const rounds = byteEditLabels(one.word, one.segmented, one.normalized);
    report.equal(
      `ids of ${one.word}`,
      rounds.map(({ ids }) => ids),
      one.inputIds,
    );
    report.equal(
      `labels of ${one.word}`,
      rounds.map((round) => round.labels),
      one.labels,
    );
  }
  for (const [place, { text, max, out }] of segment.entries()) {
    const words = segmentCompoundText(text, max).map((word) => [word.prefix, word.text]);
    report.equal(`words of text ${place}`, words, out);
  }
};
