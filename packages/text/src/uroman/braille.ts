import type { Reading } from './reading';

const capitalSign = '\u2820';
const blank = '\u2800';
const numberSign = '\u283c';
const digits = '\u281a\u2801\u2803\u2809\u2819\u2811\u280b\u281b\u2813\u280a';

/** Marks the letters of words that two signs make capitals. */
export function markCapitals({ characters, isCapital, hasBraille }: Reading): void {
  if (!hasBraille) return;
  let isAllCapitals = false;
  for (const [index, character] of characters.entries()) {
    if (character === capitalSign && characters[index - 1] === capitalSign) isAllCapitals = true;
    else if (isAllCapitals && character === blank) isAllCapitals = false;
    else if (isAllCapitals) isCapital.add(index);
  }
}

/** Adds the numbers that begin with a number sign. */
export function addBrailleNumbers({ characters, lattice, hasBraille }: Reading): void {
  if (!hasBraille) return;
  let start = -1;
  let text = '';
  const finish = (end: number): void => {
    if (start < 0 || text === '') return;
    const number = {
      source: text,
      value: undefined,
      valueText: undefined,
      fraction: undefined,
      base: undefined,
      isChinese: false,
      isLargePower: false,
      isActive: false,
    };
    lattice.add({ start, end, text, kind: 'number', number });
    start = -1;
    text = '';
  };
  for (const [index, character] of characters.entries()) {
    const digit = digits.indexOf(character);
    if (character === numberSign) start = start < 0 ? index : start;
    else if (start < 0) continue;
    else if (digit >= 0) text += digit;
    else if (character === '\u2832') text += '.';
    else if (character === '\u2802') text += ',';
    else finish(index);
  }
  finish(characters.length);
}
