import { ConfigError } from '@tesserae/core/data';
import { createBpe } from '../bpe/bpe';
import { tiktokenEncodings } from '../bpe/encodings';
import { createTiktokenTokenizer } from '../bpe/tiktoken';
import { fromTokenizerJson, tokenizerOfJson } from '../pipeline/tokenizer-json';
import { fromSentencePiece } from '../sentencepiece/sentencepiece';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { type PackedText, readBinaryForm } from './container';
import { unpackRanks } from './pack-ranks';
import { unpackJson } from './unpack-json';

export interface BinaryOptions {
  /** What errors and tokens call it. Default: its name when it was saved. */
  readonly name?: string;
}

/**
 * Reads what `save('binary')` wrote. The tokenizer gives the same tokens, and its tokens have the same fingerprint.
 *
 * @throws {ConfigError} The bytes are something else, or damaged.
 */
export function fromBinary(bytes: Uint8Array, { name }: BinaryOptions = {}): TextTokenizer {
  const packed = readBinaryForm(bytes, name ?? 'binary form');
  const own = name ?? String(packed.header['name']);
  if (packed.kind === 'ranks') return fromRanks(packed, own);
  if (packed.kind === 'sentencepiece') return fromSentencePiece(firstSection(packed, own), { name: own });
  const { form, fingerprint } = packed.header;
  if ((form as { readonly vocabulary?: unknown }).vocabulary === 'text') {
    return fromTokenizerJson(firstSection(packed, own), { name: own });
  }
  const { root, file } = unpackJson(packed, own);
  return tokenizerOfJson(root, file, { name: own, fingerprint: String(fingerprint) });
}

function fromRanks(packed: PackedText, name: string): TextTokenizer {
  const { pattern, specialTokens } = packed.header;
  const known = tiktokenEncodings.find((encoding) => encoding.pattern === pattern);
  if (!known) throw new ConfigError(`${name}: pattern`, 'one of a published encoding', JSON.stringify(pattern));
  return createTiktokenTokenizer({
    name,
    bpe: createBpe(unpackRanks(packed, name), known.createScanner()),
    specialTokens: specialTokens as Readonly<Record<string, number>>,
    pattern: known.pattern,
  });
}

function firstSection({ sections }: PackedText, name: string): Uint8Array {
  const [first] = sections;
  if (!first) throw new ConfigError(name, 'a file inside', 'nothing');
  return first;
}
