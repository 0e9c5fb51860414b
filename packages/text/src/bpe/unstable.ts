import { utf8DecodeStrict } from '../bytes/utf8';
import { isWhiteSpace } from '../tables/white-space';
import { bytesOfToken, compareBytes, idCount, type TokenBytes } from './token-bytes';

/** What the end of a text may still become when more text follows. */
export interface UnstableEncoding {
  /** Tokens that stay whatever follows. */
  readonly stable: Int32Array;
  /** Every way the rest may begin, each once; none where nothing is unstable. */
  readonly completions: readonly Int32Array[];
}

/** What {@link completeUnstable} needs of a tokenizer. */
export interface UnstableContext {
  readonly tokens: TokenBytes;
  /** Ids with a token, in the order of their bytes. */
  readonly sorted: Int32Array;
  encodeOrdinary(text: string): Int32Array;
  /** Byte-pair encoding of bytes that are not cut into pieces. */
  encodeBytes(bytes: Uint8Array): Int32Array;
}

/** Ids in the order of their bytes; those without a token are left out. */
export function sortTokens(tokens: TokenBytes): Int32Array {
  const ids = [];
  for (let id = 0; id < idCount(tokens); id += 1) if (bytesOfToken(tokens, id).length > 0) ids.push(id);
  return Int32Array.from(
    ids.sort((left, right) => compareBytes(bytesOfToken(tokens, left), bytesOfToken(tokens, right))),
  );
}

/**
 * Completions of a text whose last piece has `lastPieceTokens` tokens, as tiktoken's `encode_with_unstable` finds them.
 *
 * @param ids - Tokens of the text.
 * @param lastPieceTokens - 0 where the text ends with a special token.
 */
export function completeUnstable(context: UnstableContext, ids: Int32Array, lastPieceTokens: number): UnstableEncoding {
  const { tokens } = context;
  let count = lastPieceTokens;
  // Text that follows may join runs of white space, so they are unstable as a whole.
  if (count > 0 && isAllSpace(tokens, ids[ids.length - count]!)) {
    while (count < ids.length && isAllSpace(tokens, ids[ids.length - count - 1]!)) count += 1;
  }
  const stable = ids.slice(0, ids.length - count);
  const unstable = join(ids.subarray(ids.length - count), tokens);
  const completions = new Map<string, Int32Array>();
  const add = (completion: Int32Array) => void completions.set(completion.join(' '), completion);
  if (unstable.length > 0) {
    for (const id of startingWith(context, unstable)) add(Int32Array.of(id));
    for (let middle = 1; middle < unstable.length; middle += 1) addStraddling(context, unstable, middle, add);
    addLastSpace(context, unstable, add);
  }
  return { stable, completions: [...completions.values()] };
}

/** Tokens that begin inside the unstable bytes at `middle` and reach their end. */
function addStraddling(
  context: UnstableContext,
  unstable: Uint8Array,
  middle: number,
  add: (completion: Int32Array) => void,
): void {
  const { tokens } = context;
  for (const id of startingWith(context, unstable.subarray(middle))) {
    const token = bytesOfToken(tokens, id);
    const bytes = new Uint8Array(middle + token.length);
    bytes.set(unstable.subarray(0, middle));
    bytes.set(token, middle);
    const text = utf8DecodeStrict(bytes);
    const encoded = text === undefined ? context.encodeBytes(bytes) : context.encodeOrdinary(text);
    let covered = 0;
    let count = 0;
    while (count < encoded.length && covered < unstable.length) {
      covered += bytesOfToken(tokens, encoded[count]!).length;
      count += 1;
    }
    add(encoded.slice(0, count));
  }
}

/** The last white space may be split off: `\s+(?!\S)` leaves it to what follows. */
function addLastSpace(context: UnstableContext, unstable: Uint8Array, add: (completion: Int32Array) => void): void {
  let last = unstable.length - 1;
  while (last > 0 && (unstable[last]! & 0xc0) === 0x80) last -= 1;
  const character = utf8DecodeStrict(unstable.subarray(last));
  if (last === 0 || character === undefined || [...character].length !== 1 || !isWhiteSpace(character.codePointAt(0)!))
    return;
  add(
    Int32Array.from([
      ...context.encodeBytes(unstable.subarray(0, last)),
      ...context.encodeBytes(unstable.subarray(last)),
    ]),
  );
}

function* startingWith({ tokens, sorted }: UnstableContext, prefix: Uint8Array): Generator<number> {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(bytesOfToken(tokens, sorted[middle]!), prefix) < 0) low = middle + 1;
    else high = middle;
  }
  for (; low < sorted.length; low += 1) {
    const token = bytesOfToken(tokens, sorted[low]!);
    if (token.length < prefix.length || compareBytes(token.subarray(0, prefix.length), prefix) !== 0) return;
    yield sorted[low]!;
  }
}

function isAllSpace(tokens: TokenBytes, id: number): boolean {
  return bytesOfToken(tokens, id).every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x09);
}

function join(ids: Int32Array, tokens: TokenBytes): Uint8Array {
  const parts = Array.from(ids, (id) => bytesOfToken(tokens, id));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
