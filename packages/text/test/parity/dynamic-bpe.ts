import type { ParityRunner } from '@tesserae/core/test';
import { dynamicBpe } from '../../src/dynamic-bpe/dynamic-bpe';
import type { MergeBoundary } from '../../src/dynamic-bpe/mergeable';

interface DynamicBpeFile {
  readonly batch: readonly (readonly string[])[];
  readonly punctuation: readonly string[];
  readonly results: readonly {
    readonly boundary: MergeBoundary;
    readonly maxMerges: number;
    readonly merges: unknown;
    /** Null where the case leaves them out. */
    readonly tokens: unknown;
    readonly lengths: unknown;
    readonly firstPieceIndex?: unknown;
  }[];
}

export const runDynamicBpe: ParityRunner = async (test, report) => {
  const { batch, punctuation, results } = (await test.json('expected.json')) as unknown as DynamicBpeFile;
  for (const { boundary, maxMerges, ...expected } of results) {
    const actual = dynamicBpe(batch, { boundary, maxMerges, punctuation: new Set(punctuation) });
    const name = `${boundary} ${maxMerges}`;
    report.equal(`${name} merges`, actual.merges, expected.merges);
    if (expected.tokens !== null) report.equal(`${name} tokens`, actual.tokens, expected.tokens);
    report.equal(
      `${name} lengths`,
      actual.tokens.map(({ length }) => length),
      expected.lengths,
    );
    if (expected.firstPieceIndex == null) continue;
    report.equal(
      `${name} first pieces`,
      actual.firstPieces.map((list) => [...list]),
      expected.firstPieceIndex,
    );
  }
};
