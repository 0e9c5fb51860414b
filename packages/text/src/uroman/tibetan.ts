import { bestTarget } from './candidates';
import type { Reading } from './reading';

const subjoinedAchung = '\u0fb0';
const achung = '\u0f60';

const goodEnd =
  /^(?:|[bcdfghjklmnpqrstvwxz]|bh|bs|ch|cs|dd|ddh|dh|dz|dzh|gh|gr|gs|kh|khs|kss|n|nn|nt|ms|ng|ngs|ns|ph|rm|sh|ss|th|ts|tsh|tt|tth|zh|zhs)'?$/;
const goodStart =
  /^'?(?:.|bd|br|brg|brgy|bs|bsh|bst|bt|bts|by|bz|bzh|ch|db|dby|dk|dm|dp|dpy|dr|gl|gn|gr|gs|gt|gy|gzh|kh|khr|khy|kr|ky|ld|lh|lt|mkh|mny|mth|mtsh|ny|ph|phr|phy|rgy|rk|el|rn|rny|rt|rts|sk|skr|sky|sl|sm|sn|sny|sp|spy|sr|st|th|ts|tsh)$/;
/** Signs of the longest text that either pattern takes. */
const longestPart = 5;

/** Decides behind which letter of every Tibetan syllable the vowel is spoken that is not written. */
export function placeTibetanVowels(reading: Reading): void {
  const { characters, tables } = reading;
  let syllable: number[] = [];
  for (const [position, character] of characters.entries()) {
    const isPart =
      tables.script(character) === 'Tibetan' && (tables.isTibetanLetter(character) || tables.isVowelSign(character));
    if (isPart) syllable.push(position);
    else if (syllable.length > 0) {
      readSyllable(reading, syllable);
      syllable = [];
    }
  }
  if (syllable.length > 0) readSyllable(reading, syllable);
}

const withoutVowel = (target: string): string => target.replace(/([bcdfghjklmnpqrstvwxyz].*)a$/, '$1');

function readSyllable(reading: Reading, positions: readonly number[]): void {
  const { characters, tables, speaksVowel, isDropped } = reading;
  const [first, last] = [positions[0]!, positions.at(-1)!];
  const targets: string[] = [];
  const subjoined = new Set<number>();
  let hasVowel = false;
  const speak = (position: number): void => {
    hasVowel = true;
    speaksVowel.set(position, true);
  };
  for (const position of positions) {
    const character = characters[position]!;
    let target = bestTarget(reading, position, position + 1) ?? '?';
    speaksVowel.set(position, undefined);
    if (tables.isVowelSign(character) || /^[aeiou]+$/.test(target)) {
      speak(position);
      if (targets.length === 1 && targets[0] === "'") isDropped.add(position - 1);
    } else if (tables.isSubjoined(character)) {
      subjoined.add(position);
      if (position > first) {
        if (character === subjoinedAchung) speak(position - 1);
        else speaksVowel.set(position - 1, false);
      }
      target = withoutVowel(target);
    } else if (character === achung) {
      speaksVowel.set(position, false);
      if (position > first) {
        speak(position - 1);
        if (position === last) isDropped.add(position);
      }
      target = targets.length > 0 && !'aeiou'.includes(targets.at(-1)!) ? "a'" : "'";
    } else target = withoutVowel(target);
    targets.push(target);
  }
  const spoken = hasVowel ? undefined : bestPlace(reading, positions, targets, subjoined);
  if (!hasVowel && spoken === undefined) return;
  for (const position of positions) {
    if (speaksVowel.get(position) === undefined) speaksVowel.set(position, position === spoken);
  }
}

/** The letter behind which a vowel makes the most usual syllable. */
function bestPlace(
  { speaksVowel }: Reading,
  positions: readonly number[],
  targets: readonly string[],
  subjoined: ReadonlySet<number>,
): number | undefined {
  const count = positions.length;
  /** Whether all letters from here on are subjoined. */
  const allSubjoined = new Array<boolean>(count + 1).fill(true);
  for (let index = count - 1; index >= 0; index -= 1) {
    allSubjoined[index] = allSubjoined[index + 1]! && subjoined.has(positions[index]!);
  }
  const total = targets.reduce((sum, target) => sum + target.length, 0);
  let best: number | undefined;
  let bestCost = Infinity;
  let length = 0;
  for (const [index, position] of positions.entries()) {
    length += targets[index]!.length;
    let cost: number;
    if (speaksVowel.get(position) === false) cost = 20;
    else if (count <= 2) cost = index === 0 ? 0 : 0.1;
    else {
      const isGoodEnd = total - length <= longestPart && goodEnd.test(targets.slice(index + 1).join(''));
      const isGoodStart = length <= longestPart && goodStart.test(targets.slice(0, index + 1).join(''));
      const isSubjoined = allSubjoined[Math.min(count, index + 2)]!;
      if (isGoodEnd) cost = isGoodStart ? length * 0.1 : length;
      else cost = isSubjoined ? length * (isGoodStart ? 0.3 : 0.5) : Infinity;
    }
    if (cost < bestCost) [bestCost, best] = [cost, position];
  }
  return best;
}
