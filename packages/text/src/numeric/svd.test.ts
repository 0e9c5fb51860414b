import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { multiply, orthogonalProcrustes, reduceColumns, singularValues } from './svd';

const random = mulberry32(7);
const draw = (rows: number, columns: number) => ({ values: Float64Array.from(random.normal(rows * columns)), columns });

function product({ left, values, right }: ReturnType<typeof singularValues>) {
  const { columns } = right;
  const scaled = left.values.map((value, at) => value * values[at % columns]!);
  const transposed = Float64Array.from(
    right.values,
    (_, at) => right.values[(at % columns) * columns + Math.floor(at / columns)]!,
  );
  return multiply({ values: scaled, columns }, { values: transposed, columns });
}

const gram = (matrix: { values: Float64Array | Float32Array; columns: number }) => {
  const { values, columns } = matrix;
  const rows = values.length / columns;
  return Array.from({ length: columns * columns }, (_, at) => {
    let sum = 0;
    for (let row = 0; row < rows; row += 1) {
      sum += values[row * columns + Math.floor(at / columns)]! * values[row * columns + (at % columns)]!;
    }
    return sum;
  });
};

const identity = (size: number) =>
  Array.from({ length: size * size }, (_, at) => expect.closeTo(at % (size + 1) === 0 ? 1 : 0, 9));

describe('singularValues', () => {
  it('gives the matrix back from orthonormal factors', () => {
    for (const [rows, columns] of [
      [5, 5],
      [9, 4],
      [1, 1],
    ] as const) {
      const matrix = draw(rows, columns);
      const found = singularValues(matrix);
      expect([...product(found).values]).toEqual([...matrix.values].map((value) => expect.closeTo(value, 9)));
      expect(gram(found.left)).toEqual(identity(columns));
      expect(gram(found.right)).toEqual(identity(columns));
      expect([...found.values]).toEqual([...found.values].toSorted((a, b) => b - a));
    }
  });

  it('completes the basis of matrices of lower rank', () => {
    const found = singularValues({ values: Float64Array.of(1, 2, 2, 4, 0, 0), columns: 2 });
    expect([...found.values]).toEqual([expect.closeTo(5, 9), expect.closeTo(0, 9)]);
    expect(gram(found.left)).toEqual(identity(2));
    expect(gram(singularValues({ values: new Float64Array(9), columns: 3 }).left)).toEqual(identity(3));
  });

  it('refuses wide matrices and NaN', () => {
    expect(() => singularValues(draw(2, 3))).toThrow('at least 3 rows');
    expect(() => singularValues({ values: Float64Array.of(NaN), columns: 1 })).toThrow('finite');
  });
});

describe('orthogonalProcrustes', () => {
  it('recovers a rotation', () => {
    const rotation = singularValues(draw(6, 6)).left;
    const source = draw(20, 6);
    const found = orthogonalProcrustes(source, multiply(source, rotation));
    expect([...found.values]).toEqual([...rotation.values].map((value) => expect.closeTo(value, 8)));
  });

  it('is orthogonal, even for fewer pairs than dimensions', () => {
    expect(gram(orthogonalProcrustes(draw(2, 5), draw(2, 5)))).toEqual(identity(5));
  });

  it('refuses other shapes and no pairs', () => {
    expect(() => orthogonalProcrustes(draw(2, 3), draw(3, 3))).toThrow('[2, 3]');
    expect(() => orthogonalProcrustes(draw(0, 3), draw(0, 3))).toThrow('at least one pair');
    expect(() => multiply(draw(2, 3), draw(2, 2))).toThrow('3 rows');
  });
});

describe('reduceColumns', () => {
  it('keeps lengths when it keeps all directions, and the largest ones first', () => {
    const matrix = draw(10, 4);
    const energy = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value * value, 0);
    expect(energy(reduceColumns(matrix, 4).values)).toBeCloseTo(energy(matrix.values), 8);
    const line = { values: Float64Array.of(3, 4, 6, 8), columns: 2 };
    expect(energy(reduceColumns(line, 1).values)).toBeCloseTo(125, 8);
    expect(() => reduceColumns(matrix, 5)).toThrow('1..4');
  });
});
