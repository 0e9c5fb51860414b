import type { ParityCase, ParityRunner } from '@tesserae/core/test';
import { focusWeights } from '../../src/focus/focus';
import { weightedRow } from '../../src/numeric/weighted-rows';

export const runFocus: ParityRunner = async (test, report) => {
  const overlapping = matrixOf(test, 'overlap.auxiliary');
  const embeddings = matrixOf(test, 'overlap.embeddings');
  const weights = focusWeights(matrixOf(test, 'new.auxiliary'), overlapping);
  const count = overlapping.values.length / overlapping.columns;
  const dense = new Float32Array(weights.length * count);
  for (const [index, row] of weights.entries()) {
    Array.from(row.rows).forEach((other, at) => (dense[index * count + other] = row.weights[at]!));
  }
  report.tensor('weights', { shape: [weights.length, count], data: dense });
  const mixed = weights.flatMap((row) => [...weightedRow(row, embeddings)]);
  report.tensor('new.embeddings', { shape: [weights.length, embeddings.columns], data: Float32Array.from(mixed) });
  const nonZero = weights.map(({ rows }) => rows.length);
  if (test.facts['nonZeroPerRow']) report.equal('nonzero weights', nonZero, test.facts['nonZeroPerRow']);
};

function matrixOf(test: ParityCase, name: string) {
  const { shape, data } = test.input(name);
  return { values: data as Float32Array, columns: shape[1]! };
}
