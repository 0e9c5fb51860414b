import { bestFrom, type LatticeEdge } from './lattice';
import { isNumberEdge, type NumberEdge, type NumberList } from './number-list';
import { type NumberReading, numberText } from './number-reading';
import type { Reading } from './reading';

type WholeNumber = NumberEdge & { readonly number: { readonly value: bigint } };

const isWhole = (edge: LatticeEdge | undefined): edge is WholeNumber =>
  isNumberEdge(edge) && typeof edge.number.value === 'bigint';

const isActiveWhole = (edge: LatticeEdge | undefined): edge is WholeNumber => isWhole(edge) && edge.number.isActive;

const isDigit = (edge: LatticeEdge | undefined): edge is WholeNumber =>
  isWhole(edge) && edge.kind === 'digit' && edge.end - edge.start === 1;

/** Adds a number that is made of others. */
function join(
  { lattice }: Reading,
  list: NumberList,
  kind: string,
  parts: readonly LatticeEdge[],
  facts: Pick<NumberReading, 'value' | 'base'> & Partial<NumberReading>,
): void {
  const last = parts.at(-1)!;
  const number: NumberReading = {
    source: parts.map((part) => part.number?.source ?? part.text).join(''),
    valueText: undefined,
    fraction: undefined,
    isChinese: last.number?.isChinese ?? false,
    isLargePower: false,
    isActive: true,
    ...facts,
  };
  const edge = { start: parts[0]!.start, end: last.end, text: numberText(number), kind, number };
  lattice.add(edge);
  list.replace(edge, parts);
}

/** Digits in a row, with a decimal point between two of them. */
export function joinDigits(reading: Reading, list: NumberList): void {
  const { characters, lattice } = reading;
  for (const edge of list.edges()) {
    if (!isDigit(edge) || !edge.number.isActive) continue;
    const parts: LatticeEdge[] = [edge];
    const digits = [edge.number.value.toString()];
    let hasPoint = false;
    for (;;) {
      const end = parts.at(-1)!.end;
      const right = bestFrom(lattice, end);
      const second = characters[end] === '.' && !hasPoint ? bestFrom(lattice, end + 1) : undefined;
      if (isDigit(right)) {
        parts.push(right);
        digits.push(right.number.value.toString());
      } else if (isDigit(second)) {
        const point = right ?? { start: end, end: end + 1, text: '.', kind: 'decimal period' };
        if (!right) lattice.add(point);
        parts.push(point, second);
        digits.push('.', second.number.value.toString());
        hasPoint = true;
      } else break;
    }
    if (parts.length < 2) continue;
    const valueText = digits.join('');
    join(reading, list, 'D1', parts, { value: hasPoint ? Number(valueText) : BigInt(valueText), valueText, base: 1n });
  }
}

/** Two and a hundred are two hundred. */
export function multiplyDigits(reading: Reading, list: NumberList): void {
  for (const edge of list.edges()) {
    if (!isActiveWhole(edge) || edge.number.base !== 1n || edge.number.value < 1n) continue;
    const right = bestFrom(reading.lattice, edge.end);
    if (!isActiveWhole(right) || !(right.number.base! > 1n) || right.number.isLargePower) continue;
    const value = edge.number.value * right.number.value;
    join(reading, list, 'G1', [edge, right], { value, base: right.number.base });
  }
}

const isGap = (edge: NumberEdge): boolean => edge.number.source === '零' || edge.number.source === '〇';

/** Two hundred, thirty and four are 234. */
export function addParts(reading: Reading, list: NumberList): void {
  for (const edge of list.edges()) {
    if (!isActiveWhole(edge) || edge.number.isLargePower) continue;
    const parts: WholeNumber[] = [edge];
    let larger: WholeNumber = edge;
    for (;;) {
      const right = bestFrom(reading.lattice, parts.at(-1)!.end);
      if (!isActiveWhole(right) || right.number.isLargePower) break;
      if (!isGap(larger) && !isBelow(right, larger)) break;
      parts.push(right);
      if (!isGap(right)) larger = right;
    }
    addUp(reading, list, 'G2', parts);
  }
}

const isBelow = ({ number }: WholeNumber, { number: { base } }: WholeNumber): boolean =>
  base! > number.value && base! > number.base!;

function addUp(reading: Reading, list: NumberList, kind: string, parts: readonly WholeNumber[]): void {
  if (parts.length < 2) return;
  const value = parts.reduce((sum, part) => sum + part.number.value, 0n);
  join(reading, list, kind, parts, { value, base: parts.at(-1)!.number.base });
}

/** 234 and ten thousand are 2340000. */
export function multiplyBlocks(reading: Reading, list: NumberList): void {
  for (const edge of list.edges()) {
    if (!isNumberEdge(edge) || !edge.number.isActive || edge.number.isLargePower) continue;
    const { value: factor } = edge.number;
    if (factor === undefined) continue;
    const right = bestFrom(reading.lattice, edge.end);
    if (!isActiveWhole(right) || !(right.number.base! > 1n) || !right.number.isLargePower) continue;
    const product = typeof factor === 'bigint' ? factor * right.number.value : rounded(factor, right.number.value);
    join(reading, list, 'G3', [edge, right], { value: product, base: right.number.base });
  }
}

/** A product to five decimals, whole where it is. */
function rounded(factor: number, power: bigint): bigint | number {
  const product = factor * Number(power);
  const near = product < 1e15 ? Number(product.toFixed(5)) : product;
  return Number.isInteger(near) ? BigInt(near) : near;
}

/** 2340000 and 567 are 2340567; a single Chinese digit behind a power counts in tenths of it. */
export function addBlocks(reading: Reading, list: NumberList): void {
  for (const edge of list.edges()) {
    if (!isActiveWhole(edge)) continue;
    const parts: WholeNumber[] = [edge];
    for (;;) {
      const left = parts.at(-1)!;
      const right = bestFrom(reading.lattice, left.end);
      if (!isActiveWhole(right) || !isBelow(right, left)) break;
      if (isShortened(left, right)) {
        right.number.base = left.number.base! / 10n;
        (right.number as NumberReading).value = right.number.base * right.number.value;
        right.kind = 'G4tag';
      }
      parts.push(right);
    }
    addUp(reading, list, 'G4', parts);
  }
}

const isShortened = (left: WholeNumber, right: WholeNumber): boolean =>
  left.number.isChinese &&
  left.number.base! >= 1000n &&
  !left.kind.includes('tag') &&
  /^10+$/.test(left.number.base!.toString()) &&
  right.number.value >= 1n &&
  right.number.value <= 9n &&
  right.end - right.start === 1;
