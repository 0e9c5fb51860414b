import { recoverMerges } from '../bpe/byte-vocabulary';
import { findPair, type PairTable } from '../bpe/pair-table';
import { joinTokenBytes, type TokenBytes } from '../bpe/token-bytes';
import { readByteCharacters } from '../bytes/byte-alphabet';
import { cannotSave } from '../tokenizer/cannot-save';
import type { JsonModelParts } from './json-model';

/**
 * The tokens of a tokenizer.json as a rank file has them, without added tokens. Only byte-level BPE whose merges come in
 * the order of the ids they make is the same as a rank file.
 *
 * @throws {UnsupportedError} It is something else; the error says what.
 */
export function ranksOfJson(parts: Pick<JsonModelParts, 'info' | 'pipeline' | 'addedTokens' | 'bpe'>): TokenBytes {
  const { info, pipeline, addedTokens, bpe } = parts;
  const refuse = (reason: string) => cannotSave(info.variant, 'tiktoken', reason);
  if (!bpe || !pipeline.plan?.byteLength)
    throw refuse('it is no byte-level BPE with a pattern of a published encoding');
  if (pipeline.normalizer) throw refuse('it normalizes text');
  const added = new Set(addedTokens.map(({ id }) => id));
  const tokens: (Uint8Array | undefined)[] = [];
  for (const [token, id] of bpe.vocabulary) if (!added.has(id)) tokens[id] = readByteCharacters(token);
  const joined = joinTokenBytes(Array.from(tokens));
  const recovered = recoverMerges(joined, info.variant);
  const isSame = recovered.wholeTokens !== joined && isOrdered(bpe.pairs) && holdsAll(bpe.pairs, recovered.pairs);
  if (!isSame) throw refuse('its merges are not in the order of its ids');
  return joined;
}

/** True where later merges never make an earlier id. */
function isOrdered({ slots }: PairTable): boolean {
  const made: number[] = [];
  for (let at = 0; at < slots.length; at += 4) if (slots[at] !== -1) made[slots[at + 2]!] = slots[at + 3]!;
  let before = -1;
  // Ranks of pairs that come twice have none.
  for (const id of made) {
    if (id === undefined) continue;
    if (id < before) return false;
    before = id;
  }
  return true;
}

/** True where every pair of the one table is in the other, and makes the same. */
function holdsAll(table: PairTable, wanted: PairTable): boolean {
  const { slots } = wanted;
  for (let at = 0; at < slots.length; at += 4) {
    if (slots[at] === -1) continue;
    const found = findPair(table, slots[at]!, slots[at + 1]!);
    if (found < 0 || table.slots[found + 3] !== slots[at + 3]) return false;
  }
  return true;
}
