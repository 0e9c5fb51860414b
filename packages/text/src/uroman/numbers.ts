import { bestBetween, bestFrom, bestTo, type LatticeEdge } from './lattice';
import { addBlocks, addParts, joinDigits, multiplyBlocks, multiplyDigits } from './number-blocks';
import { createNumberList, isNumberEdge, type NumberEdge, type NumberList } from './number-list';
import { type NumberReading, numberText, printNumber } from './number-reading';
import type { Reading } from './reading';

/** Chinese characters that stand for a number, but as often for themselves. */
const doubtful = '兩參参伍陆陸什';

/** Adds edges for numbers, which compete with other romanizations. */
export function addNumbers(reading: Reading): void {
  const { characters, tables, lattice } = reading;
  const list = createNumberList(characters.flatMap((character, start) => singleNumber(reading, character, start)));
  for (const edge of list.edges()) lattice.add(edge);
  for (const join of [joinDigits, multiplyDigits, addParts, multiplyBlocks, addBlocks]) join(reading, list);
  addFractions(reading, list);
  addSigns(reading, list);
  separate(reading, list);
  for (const { number, start, end } of list.edges().filter(isNumberEdge)) {
    if (!number.isActive || number.value === undefined) continue;
    const isSingle = start + 1 === end;
    if ((isSingle && number.value > 1000) || doubtful.includes(number.source) || number.source === '京兆') {
      number.isActive = false;
    }
  }
  for (const [start, character] of characters.entries()) {
    const digit = tables.digit(character);
    if (digit === undefined || isNumberEdge(bestBetween(lattice, start, start + 1))) continue;
    lattice.add({ start, end: start + 1, text: String(digit), kind: 'num' });
  }
}

function singleNumber({ tables }: Reading, character: string, start: number): NumberEdge[] {
  const known = tables.number(character);
  if (!known) return [];
  const { kind, ...facts } = known;
  const number: NumberReading = { ...facts, source: character, valueText: undefined, isActive: true };
  return [{ start, end: start + 1, text: numberText(number), kind, number }];
}

/** Chinese fractions and percentages, which begin with the denominator. */
function addFractions({ characters, tables, lattice, slice }: Reading, list: NumberList): void {
  for (const edge of list.edges()) {
    const denominator = edge.number?.value;
    if (typeof denominator !== 'bigint') continue;
    for (const sign of tables.fractionSigns) {
      const behind = edge.end + [...sign].length;
      if (behind > characters.length || slice(edge.end, behind) !== sign) continue;
      const right = bestFrom(lattice, behind);
      const value = right?.number?.value;
      if (!right || value === undefined) continue;
      const span = { start: edge.start, end: right.end };
      if (denominator === 100n) {
        add({ ...span, text: `${printNumber(value)}%`, kind: 'percentage' }, [edge, right]);
      } else if (typeof value === 'bigint' && denominator > 0n) {
        const text = `${value}/${denominator}`;
        const number: NumberReading = {
          source: text,
          value: undefined,
          valueText: undefined,
          fraction: [value, denominator],
          base: undefined,
          isChinese: false,
          isLargePower: false,
          isActive: true,
        };
        add({ ...span, text, kind: 'fraction', number }, [edge, right]);
      }
    }
  }
  function add(edge: LatticeEdge, parts: readonly LatticeEdge[]): void {
    lattice.add(edge);
    list.replace(edge, parts);
  }
}

/** Signs before a number. */
function addSigns({ tables, lattice, slice }: Reading, list: NumberList): void {
  const signs = [...tables.minusSigns.map((sign) => [sign, '-']), ...tables.plusSigns.map((sign) => [sign, '+'])];
  for (const edge of list.edges()) {
    for (const [sign, latin] of signs as [string, string][]) {
      const start = edge.start - [...sign].length;
      if (start < 0 || slice(start, edge.start) !== sign) continue;
      lattice.add({ start, end: edge.end, text: latin + edge.text, kind: `${edge.kind} ${latin}` });
    }
  }
}

/** Keeps numbers apart: 23½ becomes 23 1/2, and others get a dot between them. */
function separate({ lattice }: Reading, list: NumberList): void {
  for (const edge of list.edges()) {
    if (!isNumberEdge(edge) || !/^\p{Nd}/u.test(edge.text)) continue;
    const left = bestTo(lattice, edge.start);
    if (!left || !/\p{Nd}$/u.test(left.text)) continue;
    edge.text = (edge.number.fraction && edge.number.fraction[0] !== 0n ? ' ' : '·') + edge.text;
  }
}
