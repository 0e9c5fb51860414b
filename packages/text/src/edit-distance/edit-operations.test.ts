import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { codePointsOf, editDistance } from './edit-distance';
import { type EditOperation, editOperations } from './edit-operations';

const of = (source: string, target: string) => editOperations(codePointsOf(source), codePointsOf(target));
const shown = ({ kind, source, target }: EditOperation) => `${kind} ${source} ${target}`;

function applied(source: ArrayLike<number>, target: ArrayLike<number>, operations: readonly EditOperation[]): number[] {
  const out: number[] = [];
  let at = 0;
  for (const operation of operations) {
    while (at < operation.source) out.push(source[at++]!);
    if (operation.kind !== 'delete') out.push(target[operation.target]!);
    if (operation.kind !== 'insert') at += 1;
  }
  while (at < source.length) out.push(source[at++]!);
  return out;
}

describe('editOperations', () => {
  it('names what is inserted, replaced and deleted, and where', () => {
    expect(of('abc', 'abc')).toEqual([]);
    expect(of('', 'ab').map(shown)).toEqual(['insert 0 0', 'insert 0 1']);
    expect(of('ab', '').map(shown)).toEqual(['delete 0 0', 'delete 1 0']);
    expect(of('bahnhofstrasse', 'bahnhof-strasse').map(shown)).toEqual(['insert 7 7']);
    expect(of('abc', 'xbcd').map(shown)).toEqual(['replace 0 0', 'insert 3 3']);
    expect(of('kinder', 'kind').map(shown)).toEqual(['delete 4 4', 'delete 5 4']);
  });
  it('is as short as can be, and makes the target', () => {
    const random = mulberry32(4);
    for (let trial = 0; trial < 400; trial += 1) {
      const [left, right] = [0, 1].map(() => random.integers(0, 3, random.integers(0, 9, 1)[0]!));
      const operations = editOperations(left!, right!);
      expect(operations.length).toBe(editDistance(left!, right!));
      expect(applied(left!, right!, operations)).toEqual([...right!]);
      expect(operations).toEqual(operations.toSorted((a, b) => a.source - b.source || a.target - b.target));
    }
  });
});
