import { withDefaultVowel } from './abugida';
import { bestTarget } from './candidates';
import { expandByContext } from './context';
import { romanizeHangul } from './hangul';
import type { Reading } from './reading';

const tail = /^\+(?:m|ng|n|h|r)/;

/**
 * Adds an edge for every span that rules know, for Hangul and for compatibility characters.
 *
 * @param romanizePart - Romanizes what a compatibility character stands for.
 */
export function addRuleEdges(reading: Reading, romanizePart: (text: string) => string): void {
  const { characters, tables, lattice, slice } = reading;
  for (const [start, character] of characters.entries()) {
    for (let end = start + 1; end <= characters.length; end += 1) {
      if (!tables.rules.isPrefix(slice(start, end))) break;
      addRuleEdge(reading, start, end);
    }
    const hangul = romanizeHangul(character);
    if (hangul !== undefined) lattice.add({ start, end: start + 1, text: hangul, kind: 'rom' });
    const decomposed = decompose(reading, start, romanizePart);
    if (decomposed !== '') lattice.add({ start, end: start + 1, text: decomposed, kind: 'rom decomp' });
  }
}

function addRuleEdge(reading: Reading, start: number, end: number): void {
  let target = bestTarget(reading, start, end);
  if (target === undefined) return;
  if (start + 1 === end && reading.isCapital.has(start)) target = target.toUpperCase();
  let kind = 'rom';
  if (tail.test(target)) {
    target = target.slice(1);
    kind = 'rom tail';
  }
  const voweled = withDefaultVowel(reading, target, start, end, kind === 'rom tail');
  const suffix = voweled.startsWith(target) ? voweled.slice(target.length) : '';
  if (/^[aeiou]+$/.test(suffix)) kind += ` c:${target} s:${suffix}`;
  const expanded = expandByContext(reading, voweled, start, end);
  reading.lattice.add({ start: expanded.start, end: expanded.end, text: expanded.text, kind: expanded.kind ?? kind });
}

function decompose(reading: Reading, start: number, romanizePart: (text: string) => string): string {
  const { characters, tables } = reading;
  const parts = tables.decomposition(characters[start]!);
  const text = parts === undefined ? '' : romanizePart(parts);
  if (text === '' || !tables.isNumeric(characters[start]!)) return text;
  // 23½ is 23 1/2.
  const before = tables.isNumeric(characters[start - 1] ?? '') ? ' ' : '';
  const behind = tables.isNumeric(characters[start + 1] ?? '') ? ' ' : '';
  return before + text.replaceAll('⁄', '/') + behind;
}

/** Adds an edge for every character that has none yet: the character itself, or nothing for marks and the like. */
export function addSingleEdges(reading: Reading): void {
  const { characters, tables, lattice } = reading;
  for (const [start, character] of characters.entries()) {
    const end = start + 1;
    if (lattice.between(start, end).length > 0) continue;
    const unwritten: readonly (readonly [test: (character: string) => boolean, kind: string])[] = [
      [tables.isNonspacing, 'Mn'],
      [tables.isFormat, 'Cf'],
      [tables.isPrivate, 'Co'],
    ];
    const kind = unwritten.find(([test]) => test(character))?.[1];
    const target = kind === undefined && character !== ' ' ? bestTarget(reading, start, end) : undefined;
    if (kind !== undefined) lattice.add({ start, end, text: '', kind });
    else if (target === undefined) lattice.add({ start, end, text: character, kind: 'orig' });
    else lattice.add({ start, end, text: tail.test(target) ? target.slice(1) : target, kind: 'rom single' });
  }
}
