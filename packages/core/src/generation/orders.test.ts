import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { mulberry32 } from '../random/mulberry32';
import { meanNeighborLogits, nearerNeighbors, nearToFarOrder, nearToFarPlanes } from './near-to-far';
import { predictionMasks } from './prediction-masks';
import { doublingScales, entityPositions, latentScales, regroup, type TokenEntity, ungroup } from './token-entities';

const lists = (all: readonly Int32Array[]) => all.map((list) => [...list]);

describe('nearToFarPlanes', () => {
  it('are diagonals of a picture and planes of a video', () => {
    expect(lists(nearToFarPlanes([2, 3]))).toEqual([[0], [1, 3], [2, 4], [5]]);
    expect(nearToFarPlanes([16, 16])).toHaveLength(31);
    expect(nearToFarPlanes([4, 16, 16])).toHaveLength(34);
    expect(lists(nearToFarPlanes([3], [1]))).toEqual([[1], [0, 2]]);
    expect(() => nearToFarPlanes([2, 2], [0, 2])).toThrow(InputError);
  });

  it('hold every position once, and each after its neighbors', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), (shape) => {
        const order = nearToFarOrder(shape);
        expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
        const place = new Map([...order].map((position, index) => [position, index]));
        for (const position of order) {
          for (const near of nearerNeighbors(shape, position)) {
            expect(place.get(near.position)!).toBeLessThan(place.get(position)!);
          }
        }
      }),
    );
  });

  it('averages what the heads of known neighbors say', () => {
    const [down, right] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(10, 20, 30, 40)];
    const [, second, last] = nearToFarPlanes([2, 2]);
    expect([...meanNeighborLogits([2, 2], [down, right], second!, 1)]).toEqual([10, 1]);
    expect([...meanNeighborLogits([2, 2], [down, right], last!, 1)]).toEqual([(2 + 30) / 2]);
    expect(() => meanNeighborLogits([2, 2], [down, right], Int32Array.of(0), 1)).toThrow(InputError);
    expect(() => meanNeighborLogits([2, 2], [down], last!, 1)).toThrow(ShapeError);
  });
});

describe('entityPositions', () => {
  it('are cells, subsamples, tokens or all', () => {
    expect(lists(entityPositions(2, 4, { unit: 'cell', side: 2 }))).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ]);
    expect(lists(entityPositions(2, 4, { unit: 'subsample', side: 2 }))).toEqual([
      [0, 2],
      [1, 3],
      [4, 6],
      [5, 7],
    ]);
    expect(lists(entityPositions(1, 2, { unit: 'token' }))).toEqual([[0], [1]]);
    expect(lists(entityPositions(1, 2, { unit: 'image' }))).toEqual([[0, 1]]);
    expect(entityPositions(16, 16, { unit: 'cell', side: 8 })).toHaveLength(4);
    expect(() => entityPositions(3, 4, { unit: 'cell', side: 2 })).toThrow(ShapeError);
    expect(() => entityPositions(4, 4, { unit: 'cell', side: 0 })).toThrow(InputError);
  });

  it('are undone', () => {
    const entities = fc.oneof(
      fc.constantFrom<TokenEntity>({ unit: 'token' }, { unit: 'image' }),
      fc.record({ unit: fc.constantFrom('cell' as const, 'subsample' as const), side: fc.integer({ min: 1, max: 3 }) }),
    );
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(entities, sizes, (entity, [rows, columns, channels]) => {
        const side = 'side' in entity ? entity.side : 1;
        const shape = [rows * side, columns * side, channels] as const;
        const values = mulberry32(2).normal(shape[0] * shape[1] * channels);
        const groups = regroup(values, shape, entity);
        expect(ungroup(groups, shape, entity)).toEqual(values);
        expect(groups.reduce((sum, { length }) => sum + length, 0)).toBe(values.length);
      }),
    );
  });

  it('refuses values of other sizes', () => {
    expect(() => regroup(new Int32Array(5), [2, 2, 1], { unit: 'image' })).toThrow(ShapeError);
    expect(() => ungroup([new Int32Array(3)], [2, 2, 1], { unit: 'image' })).toThrow(ShapeError);
  });
});

describe('latentScales', () => {
  it('are means of areas', () => {
    const latent = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const [one, two] = latentScales(
      latent,
      [2, 4, 1],
      [
        [1, 1],
        [2, 2],
      ],
    );
    expect([...one!]).toEqual([4.5]);
    expect([...two!]).toEqual([1.5, 3.5, 5.5, 7.5]);
    expect([...latentScales(latent, [2, 2, 2], [[1, 1]])[0]!]).toEqual([4, 5]);
    expect(latentScales(latent, [2, 2, 2], [[2, 2]])[0]).toEqual(latent);
    expect(doublingScales(16).reduce((sum, [height, width]) => sum + height * width, 0)).toBe(341);
    expect(() => doublingScales(12)).toThrow(InputError);
    expect(() => latentScales(latent, [2, 2, 2], [[0, 1]])).toThrow(InputError);
    expect(() => latentScales(latent, [2, 2, 1], [[1, 1]])).toThrow(ShapeError);
  });
});

describe('predictionMasks', () => {
  it('never let a token see what it predicts', () => {
    const tasks = fc.constantFrom('random' as const, 'next' as const, 'next-all' as const);
    fc.assert(
      fc.property(
        tasks,
        fc.integer({ min: 0, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (task, count, ratio) => {
          const { hidden, attention, targets } = predictionMasks(task, count, { ratio, random: mulberry32(3) });
          for (let row = 0; row < count; row += 1) {
            for (let column = 0; column < count; column += 1) {
              const seen = attention[row * count + column] === 1 && hidden[column] === 0;
              expect(seen && targets[row * count + column] === 1).toBe(false);
            }
          }
          const hiddenCount = hidden.reduce((sum, value) => sum + value, 0);
          expect(hiddenCount).toBe(task === 'random' ? Math.round(ratio * count) : 0);
          const predicted = targets.reduce((sum, value) => sum + value, 0);
          const pairs = (count * Math.max(0, count - 1)) / 2;
          expect(predicted).toBe({ random: hiddenCount, next: Math.max(0, count - 1), 'next-all': pairs }[task]);
        },
      ),
    );
  });

  it('refuses what it cannot do', () => {
    expect(() => predictionMasks('random', 4)).toThrow('random: expected a random source');
    expect(() => predictionMasks('random', 4, { ratio: 2, random: mulberry32(1) })).toThrow(InputError);
    expect(() => predictionMasks('next', -1)).toThrow(InputError);
    expect(() => predictionMasks('all' as 'next', 1)).toThrow(InputError);
  });
});
