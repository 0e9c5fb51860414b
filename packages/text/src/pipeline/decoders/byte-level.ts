import { concatBytes } from '@tesserae/core/data';
import { readByteCharacters, readByteToken } from '../../bytes/byte-alphabet';
import { incompleteTail } from '../../bytes/incomplete-tail';
import { utf8Decode, utf8DecodeStrict, utf8Encode } from '../../bytes/utf8';
import type { Decoder } from './decoder';

/** Bytes of a token of visible bytes; a token with another character counts as text. */
export const visibleBytes = (token: string): Uint8Array => readByteCharacters(token) ?? utf8Encode(token);

/** Reads visible bytes back. */
export const byteLevelDecoder: Decoder = {
  decode: (tokens) => [utf8Decode(concatBytes(tokens.map(visibleBytes)))],
  fuses: true,
  stage() {
    let held: Uint8Array = new Uint8Array();
    return {
      push(token) {
        const all = concatBytes([held, visibleBytes(token)]);
        const whole = all.length - incompleteTail(all);
        held = all.slice(whole);
        return [utf8Decode(all.subarray(0, whole))];
      },
      end: () => [utf8Decode(held)],
    };
  },
};

/** Reads runs of `<0xNN>`; one that is no UTF-8 gives U+FFFD for each byte. */
export const byteFallbackDecoder: Decoder = {
  decode(tokens) {
    const stage = byteRunStage();
    return [...tokens.flatMap((token) => stage.push(token)), ...stage.end()];
  },
  stage: (isFused) => (isFused ? undefined : byteRunStage()),
};

function byteRunStage() {
  let bytes: number[] = [];
  const flush = (): readonly string[] => {
    if (bytes.length === 0) return [];
    const text = utf8DecodeStrict(Uint8Array.from(bytes)) ?? '\ufffd'.repeat(bytes.length);
    bytes = [];
    return [text];
  };
  return {
    push(token: string): readonly string[] {
      const byte = readByteToken(token);
      if (byte < 0) return [...flush(), token];
      bytes.push(byte);
      return [];
    },
    end: flush,
  };
}
