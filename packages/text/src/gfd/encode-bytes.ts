import { InputError } from '@tesserae/core/data';
import { sequenceLength, utf8DecodeStrict } from '../bytes/utf8';

/**
 * Tokens of a byte string that may begin or end inside a character: text through the tokenizer, every other byte as its
 * byte token (`tokenize_from_byte` of the official code).
 *
 * @param encode - Ids of a text, without special tokens.
 * @param byteIds - Id of the token of each byte, 256 of them; -1 where the vocabulary has none.
 * @throws {InputError} A byte without a token.
 */
export function encodeBytes(
  bytes: Uint8Array,
  encode: (text: string) => ArrayLike<number>,
  byteIds: ArrayLike<number>,
): number[] {
  const ids: number[] = [];
  let textStart = 0;
  const flush = (end: number) => {
    if (end > textStart) ids.push(...Array.from(encode(utf8DecodeStrict(bytes.subarray(textStart, end))!)));
  };
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at]!);
    if (length > 0 && at + length <= bytes.length && utf8DecodeStrict(bytes.subarray(at, at + length)) !== undefined) {
      at += length;
      continue;
    }
    flush(at);
    const id = byteIds[bytes[at]!] ?? -1;
    if (id < 0) throw new InputError('byteIds', 'a token for every byte', `none for ${bytes[at]}`);
    ids.push(id);
    at += 1;
    textStart = at;
  }
  flush(bytes.length);
  return ids;
}
