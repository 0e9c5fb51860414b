import { isBraille, type Reading } from './reading';

/** Whether no letter stands before a place, neither in the text nor at the end of a romanization. */
export function startsWord(reading: Reading, position: number): boolean {
  const known = reading.isWordStart.get(position);
  if (known !== undefined) return known;
  const answer = !followsLetter(reading, position);
  reading.isWordStart.set(position, answer);
  return answer;
}

function followsLetter({ characters, tables, lattice }: Reading, position: number): boolean {
  if (position > 0 && tables.isLetter(characters[position - 1]!)) return true;
  const isAfterApostrophe = isBraille(characters[position]!);
  for (const start of lattice.startsTo(position)) {
    for (const { text } of lattice.between(start, position)) {
      const last = lastCharacter(text);
      if (tables.isLetter(last) || (isAfterApostrophe && last === "'")) return true;
    }
  }
  return false;
}

/** The last code point, or nothing. */
export function lastCharacter(text: string): string {
  const last = text.codePointAt(text.length - 2);
  return last !== undefined && last > 0xffff ? text.slice(-2) : text.slice(-1);
}

/**
 * Whether no letter follows a place. Undefined where a source without romanization follows, for which the official code has
 * no answer.
 */
export function endsWord(reading: Reading, position: number): boolean | undefined {
  const known = reading.isWordEnd.get(position);
  if (known !== undefined) return known;
  const answer = precedesNothing(reading, position);
  if (answer !== undefined) reading.isWordEnd.set(position, answer);
  return answer;
}

function precedesNothing({ characters, tables, slice }: Reading, position: number): boolean | undefined {
  if (position < characters.length && tables.isLetter(characters[position]!)) return false;
  let start = position;
  while (start + 1 < characters.length && tables.isNukta(characters[start]!)) start += 1;
  for (let end = start + 1; end <= characters.length; end += 1) {
    const source = slice(start, end);
    if (!tables.rules.isPrefix(source)) break;
    for (const { target, onlyAtWordStart } of tables.rules.of(source)) {
      if (onlyAtWordStart) continue;
      if (target === undefined) return undefined;
      if (/\p{L}/u.test(target)) return false;
    }
  }
  return true;
}
