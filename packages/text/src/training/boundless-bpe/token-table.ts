import { utf8DecodeStrict } from '../../bytes/utf8';

/** Tokens by number; texts have a UTF-16 unit for each byte, so that their order is that of the bytes. */
export interface TokenTable {
  readonly texts: string[];
  readonly numbers: Map<string, number>;
}

/** The 256 bytes. */
export function createTokenTable(): TokenTable {
  const texts = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
  return { texts, numbers: new Map(texts.map((text, byte) => [text, byte])) };
}

/** Number of a token, which is new if need be. */
export function tokenNumber({ texts, numbers }: TokenTable, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, texts.length);
  texts.push(text);
  return texts.length - 1;
}

/** Bytes as such a text. */
export function bytesToUnits(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** What the bytes of such a text say; undefined where they are no UTF-8. */
export const unitsToText = (text: string): string | undefined =>
  utf8DecodeStrict(Uint8Array.from(text, (unit) => unit.charCodeAt(0)));
