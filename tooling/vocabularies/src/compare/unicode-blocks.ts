/** Blocks.txt of Unicode 17.0: the blocks in order, sixteenths of their length in base 36, with gaps before a plus. */
const lengths =
  '8 8 8 d 6 5 7 9 g 3 6 7 g 5 3 4 4 4 2 1 3 6 8 8 8 8 8 8 8 8 8 8 8 8 g a 6 g o 2 6 14 2 6 2 2 2 2 8 b 5 5 ' +
  '3 6 2 2 9 5 8 4 4 5 3 1 3 1 3 8 4 4 g g 7 3 3 3 5 4 7 g g 4 2 a 8 2 6 g c 3 1 g 8 8 g g 6 2 8 3 5 6 2 8 ' +
  '8 e 1+1 4 6 6 3 6 1 2 3 1 g g bg 4 10g 21 4 3 k 6 6 2 e 3 1 4 6 2 3 3 2 6 2 6 2 6 2 3 4 5 4 jf 5 1k 8 1s ' +
  'b4 w 5 17 1 1 1 2 2 9 f 1 8 8 4 5 4 3 8+2 4 2 3 2 3 2 4 2+5 3 3 5 3 4 5 4 o 4 4+4 2 2 3 3+2 2 2 2 2+2 6 ' +
  '6 2 2 2+4 4 2 2 3 5+5 3+8 4 5 d+2 4 4 3 4 4 3 2 8 5 3 5 3 6 2 5 3+3 5 8 8 8 6 a+8 6 2 5 3 5 b+5 5+6 6 ' +
  '4+6 5 6 1 4 6 2 4+4 7 5 4+6 5 4 f+2 6 5+1 4 1s 8 d 4k+7 1v 3 6y 14 bs+4 30+10 3 6 3 9 r+4 c+6 4 2+a 4+2 ' +
  'ao 1c w 8 8 f3+1 g 3 4 p 40+a 1 6t+18 4 d 3+g g 5 7+2 2 6 2 8+1s 17 1x+g 3 6 7+5 k+3 4 t+3 d+3 c+4 e+2 e ' +
  '2+6 1d+5 4+5 b+g g+3 7 6 g g 1c 5 3 8 8 8 g g 7 9 g 1s+226 2+78 e a1 d0 13 4a+y 2m+8l 7a 7h y48+8 8+f ' +
  '34x+35s 35s';

/** First and last code points of all Unicode blocks, without surrogates. */
export function blockEdges(): readonly number[] {
  let at = 0;
  return lengths.split(' ').flatMap((entry) => {
    const [length, gap = 0] = entry
      .split('+')
      .toReversed()
      .map((digits) => Number.parseInt(digits, 36) * 16);
    const first = at + gap;
    at = first + length!;
    return first >= 0xd800 && first < 0xe000 ? [] : [first, at - 1];
  });
}
