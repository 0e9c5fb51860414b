import { InputError } from '@tesserae/core/data';
import { isBinaryForm } from '../binary/container';
import { fromBinary } from '../binary/from-binary';
import { fromTokenizerJson } from '../pipeline/tokenizer-json';
import { fromSentencePiece } from '../sentencepiece/sentencepiece';
import type { TextTokenizer } from './text-tokenizer';

/**
 * Reads a tokenizer.json, a SentencePiece `.model` file or the binary form of this package, whichever the bytes are. A rank file needs its encoding and
 * so `fromTiktoken`.
 *
 * @throws {InputError} `undecodable`: they are neither.
 * @throws {ConfigError} They are damaged.
 */
export function fromBytes(bytes: Uint8Array, name = 'file'): TextTokenizer {
  if (isBinaryForm(bytes)) return fromBinary(bytes);
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  if (first === 0x7b) return fromTokenizerJson(bytes, { name });
  // A model begins with its first piece: field 1, with a length.
  if (bytes[0] === 0x0a && bytes.length > 2 && bytes[1]! > 0 && bytes[2] === 0x0a)
    return fromSentencePiece(bytes, { name });
  throw new InputError(name, 'a tokenizer.json or a SentencePiece model', 'other bytes', { code: 'undecodable' });
}
