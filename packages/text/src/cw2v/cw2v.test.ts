import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { createAdam } from './adam';
import { skipGramLoss } from './batch-loss';
import { createConvexRows } from './convex-rows';
import { initializeRows } from './initialize-rows';
import { mergePieces } from './merge-pieces';
import { countIds, createNoise, skipGramPairs } from './skip-gram-pairs';
import { trainConvexEmbeddings } from './train-convex-embeddings';

const random = mulberry32(12);
const draw = (rows: number, columns: number) => ({ values: random.normal(rows * columns), columns });

describe('initializeRows', () => {
  const embeddings = { values: Float32Array.of(0, 0, 2, 4, 4, 2), columns: 2 };

  it('takes means', () => {
    expect([...initializeRows(embeddings, 2, { strategy: 'mean' }).values]).toEqual([2, 2, 2, 2]);
    const pieces = [[1], [1, 2], []];
    expect([...initializeRows(embeddings, 3, { strategy: 'pieces', pieces }).values]).toEqual([2, 4, 3, 3, 2, 2]);
  });

  it('draws with the right moments', () => {
    const source = draw(40, 3);
    const deviationOf = (strategy: 'univariate' | 'multivariate' | 'random') => {
      const { values } = initializeRows(source, 3000, { strategy, random, covarianceScale: 1, deviation: 2 });
      const column = Float64Array.from(values).filter((_, index) => index % 3 === 0);
      const mean = column.reduce((sum, value) => sum + value, 0) / 3000;
      return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3000);
    };
    const own = source.values.filter((_, index) => index % 3 === 0);
    const mean = own.reduce((sum, value) => sum + value, 0) / 40;
    const deviation = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 40);
    expect(deviationOf('univariate') / deviation).toBeCloseTo(1, 1);
    expect(deviationOf('multivariate') / deviation).toBeCloseTo(1, 1);
    expect(deviationOf('random')).toBeCloseTo(2, 0);
  });

  it('keeps drawn rows in the space of the old ones where covariance counts', () => {
    const line = { values: Float32Array.of(1, 2, 2, 4, 3, 6), columns: 2 };
    const { values } = initializeRows(line, 5, { strategy: 'multivariate', random, covarianceScale: 1 });
    for (let row = 0; row < 5; row += 1) expect(values[row * 2 + 1]).toBeCloseTo(values[row * 2]! * 2, 4);
  });

  it('says what is missing', () => {
    expect(() => initializeRows(embeddings, 1, { strategy: 'univariate' })).toThrow('a random source');
    expect(() => initializeRows(embeddings, 1, { strategy: 'pieces' })).toThrow('1 lists of ids');
    expect(() => initializeRows(embeddings, -1, { strategy: 'mean' })).toThrow('count');
    expect(() => initializeRows({ values: new Float32Array(0), columns: 2 }, 1, { strategy: 'mean' })).toThrow(
      'one row',
    );
  });
});

describe('mergePieces', () => {
  it('appends what is new at score 0', () => {
    const base = [{ piece: 'a', score: -1 }];
    const added = [
      { piece: 'b', score: -2 },
      { piece: 'a', score: -3 },
      { piece: 'b', score: -4 },
    ];
    expect(mergePieces(base, added)).toEqual({ pieces: [...base, { piece: 'b', score: 0 }], newPieces: 1 });
  });
});

describe('skip-gram pairs', () => {
  it('pair neighbours within the window and skip what is no token', () => {
    const counts = countIds([[0, 1, -1, 2]], 3);
    expect([...skipGramPairs([[0, 1, -1, 2]], counts, random, { window: 1, threshold: 9 })]).toEqual([0, 1, 1, 0]);
    expect(() => countIds([[3]], 3)).toThrow('ids below 3');
    expect(() => skipGramPairs([], counts, random, { window: 0 })).toThrow('window');
  });

  it('leave out frequent centers', () => {
    const line = new Int32Array(400);
    expect(skipGramPairs([line], [40_000], random, { window: 1 }).length).toBeLessThan(80);
  });

  it('draw noise by frequency', () => {
    const draws = createNoise([1, 0, 16], random)(4000);
    const share = draws.filter((id) => id === 2).length / 4000;
    expect(share).toBeCloseTo(8 / 9, 1);
    expect(draws).not.toContain(1);
    expect(() => createNoise([0], random)).toThrow('at least one token');
  });
});

describe('skipGramLoss', () => {
  it('has the gradients of its own differences', () => {
    const input = createConvexRows(draw(4, 3), 2, 2, random);
    const output = createConvexRows(draw(4, 3), 2, 2, random);
    const batch = { centers: [4, 5, 0], contexts: [5, 1, 4], noise: [4, 2, 5, 5, 1, 3] };
    const { input: inputGradients, output: outputGradients } = skipGramLoss(input, output, batch);
    const checks = [
      [input.first, inputGradients.first],
      [input.second, inputGradients.second],
      [output.first, outputGradients.first],
      [output.second, outputGradients.second],
    ] as const;
    for (const [values, gradients] of checks) {
      for (let index = 0; index < values.length; index += 1) {
        const at = values[index]!;
        values[index] = at + 1e-5;
        const above = skipGramLoss(input, output, batch).loss;
        values[index] = at - 1e-5;
        const below = skipGramLoss(input, output, batch).loss;
        values[index] = at;
        expect(gradients[index]).toBeCloseTo((above - below) / 2e-5, 6);
      }
    }
  });
});

describe('trainConvexEmbeddings', () => {
  it('lowers the loss and stays in the hull', () => {
    const input = draw(6, 4);
    const lines = Array.from({ length: 30 }, (_, index) => [index % 2 === 0 ? 6 : 7, index % 2 === 0 ? 1 : 2, 0]);
    const training = trainConvexEmbeddings({
      input,
      newTokens: 2,
      lines,
      random,
      rank: 3,
      epochs: 60,
      learningRate: 0.05,
    });
    const losses: number[] = [];
    let result = training.next();
    for (; !result.done; result = training.next()) losses.push(result.value.loss);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-10))).toBeLessThan(mean(losses.slice(0, 10)));
    for (const matrix of [result.value.input, result.value.output]) {
      for (const [index, value] of matrix.values.entries()) {
        const column = input.values.filter((_, at) => at % 4 === index % 4);
        expect(value).toBeGreaterThanOrEqual(Math.min(...column) - 1e-6);
        expect(value).toBeLessThanOrEqual(Math.max(...column) + 1e-6);
      }
    }
  });

  it('refuses texts and matrices that do not fit', () => {
    const options = { input: draw(3, 2), newTokens: 1, lines: [[0, 3]], random };
    expect(() => trainConvexEmbeddings({ ...options, newTokens: 0 }).next()).toThrow('newTokens');
    expect(() => trainConvexEmbeddings({ ...options, output: draw(2, 2) }).next()).toThrow('[3, 2]');
    expect(() => trainConvexEmbeddings({ ...options, lines: [[0]] }).next()).toThrow('neighbouring tokens');
    expect(() => trainConvexEmbeddings({ ...options, lines: [[9]] }).next()).toThrow('ids below 4');
  });
});

describe('createAdam', () => {
  it('moves every value by the learning rate first', () => {
    const values = Float64Array.of(1, 1);
    createAdam(2).step(values, Float64Array.of(5, -0.1), 0.01);
    expect([...values]).toEqual([expect.closeTo(0.99, 8), expect.closeTo(1.01, 8)]);
  });
});
