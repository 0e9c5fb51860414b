import { InputError } from '@tesserae/core/data';
import { incompleteTail } from '../bytes/incomplete-tail';
import { utf8Decode, utf8DecodeStrict } from '../bytes/utf8';
import type { StreamDecoder } from '../tokenizer/text-model';
import type { TextDecodeOptions } from '../tokenizer/text-tokenizer';

/** Turns ids of byte tokens back into bytes and text. */
export interface ByteDecoder {
  bytes(ids: ArrayLike<number>, options: TextDecodeOptions): Uint8Array;
  decode(ids: ArrayLike<number>, options: TextDecodeOptions): string;
  stream(options: TextDecodeOptions): StreamDecoder;
}

/** What a byte decoder asks of a vocabulary. */
export interface ByteDecoderSource {
  readonly name: string;
  readonly vocabularySize: number;
  /** Bytes of an id; undefined where it has none. */
  bytesOf(id: number): Uint8Array | undefined;
  isSpecial(id: number): boolean;
}

export function createByteDecoder(source: ByteDecoderSource): ByteDecoder {
  const tokenBytes = (id: number, options: TextDecodeOptions): Uint8Array | undefined => {
    if (options.skipSpecials && source.isSpecial(id)) return undefined;
    const found = source.bytesOf(id);
    if (!found && options.unknownIds !== 'skip') throw unknownId(id, source);
    return found;
  };
  const bytes = (ids: ArrayLike<number>, options: TextDecodeOptions): Uint8Array => {
    // One piece of memory: a view for each of many millions of tokens would take gigabytes.
    let out = new Uint8Array(Math.max(16, ids.length * 4));
    let length = 0;
    for (let index = 0; index < ids.length; index += 1) {
      const part = tokenBytes(ids[index]!, options);
      if (!part) continue;
      if (length + part.length > out.length) {
        const larger = new Uint8Array(Math.max(out.length * 2, length + part.length));
        larger.set(out.subarray(0, length));
        out = larger;
      }
      out.set(part, length);
      length += part.length;
    }
    return out.slice(0, length);
  };
  return {
    bytes,
    decode: (ids, options) => bytesToText(bytes(ids, options), options),
    stream: (options) => streamBytes((id) => tokenBytes(id, options), options),
  };
}

/** The error for an id that no token has. */
export function unknownId(
  id: number,
  { name, vocabularySize }: Pick<ByteDecoderSource, 'name' | 'vocabularySize'>,
): InputError {
  return new InputError('ids', `ids of the tokens of ${name}, below ${vocabularySize}`, `${id}, which has no token`, {
    code: 'out-of-range',
  });
}

/** @throws {InputError} `undecodable`: no UTF-8, with `errors: 'strict'`. */
export function bytesToText(bytes: Uint8Array, { errors = 'replace' }: TextDecodeOptions): string {
  if (errors === 'replace') return utf8Decode(bytes);
  const text = utf8DecodeStrict(bytes);
  if (text === undefined) {
    throw new InputError('ids', 'tokens whose bytes are valid UTF-8', 'other bytes', { code: 'undecodable' });
  }
  return text;
}

/** Holds bytes back until their character is whole, or cannot become one. */
function streamBytes(bytesOf: (id: number) => Uint8Array | undefined, options: TextDecodeOptions): StreamDecoder {
  let held = new Uint8Array();
  const take = (added: Uint8Array, isLast: boolean): string => {
    const all = new Uint8Array(held.length + added.length);
    all.set(held);
    all.set(added, held.length);
    const whole = isLast ? all.length : all.length - incompleteTail(all);
    held = all.slice(whole);
    return bytesToText(all.subarray(0, whole), options);
  };
  return {
    push: (id) => {
      const bytes = bytesOf(id);
      return bytes ? take(bytes, false) : '';
    },
    end: () => take(new Uint8Array(), true),
  };
}
