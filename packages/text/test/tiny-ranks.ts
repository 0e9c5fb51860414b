import { writeTiktokenFile } from '../src/bpe/tiktoken-file';
import { joinTokenBytes } from '../src/bpe/token-bytes';
import { utf8Encode } from '../src/bytes/utf8';

const text = `the theory of the thing that they thought thin, then there; she sells sea shells 'til they're sold\n
don't stop 123 1234 the   spaced    out  text\n\n\nüber größe straße ÄÖÜ 你好世界 你好 😀😀 привет привет мир 'tis`;

/** A rank file of 256 bytes and at most `merges` trained merges: small, but with every kind of token. */
export function tinyRanks(merges = 150): Uint8Array {
  const tokens = Array.from({ length: 256 }, (_, byte) => Uint8Array.of((byte + 33) % 256));
  const idOfByte = new Map(tokens.map((token, id) => [token[0]!, id]));
  let words = text.split(/(?=\s)/).map((word) => Array.from(utf8Encode(word), (byte) => idOfByte.get(byte)!));
  for (let step = 0; step < merges; step += 1) {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let index = 0; index + 1 < word.length; index += 1) {
        const pair = `${word[index]} ${word[index + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    if (counts.size === 0) break;
    const [best] = [...counts].toSorted((a, b) => b[1] - a[1])[0]!;
    const [left, right] = best.split(' ').map(Number) as [number, number];
    const id = tokens.push(Uint8Array.of(...tokens[left]!, ...tokens[right]!)) - 1;
    words = words.map((word) => mergeWord(word, left, right, id));
  }
  return writeTiktokenFile(joinTokenBytes(tokens));
}

function mergeWord(word: readonly number[], left: number, right: number, id: number): number[] {
  const out: number[] = [];
  for (let index = 0; index < word.length; index += 1) {
    const isPair = word[index] === left && word[index + 1] === right;
    out.push(isPair ? id : word[index]!);
    if (isPair) index += 1;
  }
  return out;
}
