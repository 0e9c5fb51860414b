import { openTiktoken } from './references';
import type { Comparison } from './report';
import { awkwardStrings, type ComparedAmount, edgeStrings, everyCodePoint, idLists, specialStrings } from './strings';
import type { OpenVocabulary } from './vocabularies';

const lossless = new TextDecoder('utf-8', { ignoreBOM: true });

/** Compares with the package tiktoken: ids of ordinary text and of text with special tokens, and bytes of ids. */
export function compareTiktoken(
  { ours, source }: Extract<OpenVocabulary, { readonly kind: 'tiktoken' }>,
  amount: ComparedAmount,
  comparison: Comparison,
): void {
  const theirs = openTiktoken(source);
  const { vocabularySize } = ours.info;
  const everyId = Array.from({ length: vocabularySize }, (_, id) => id).filter(
    (id) => ours.idToToken(id) !== undefined,
  );
  const specials = everyId.map((id) => ours.idToToken(id)!).filter((token) => isSpecial(token));

  const compareText = (text: string) => {
    comparison.string();
    const ids = theirs.encode_ordinary(text);
    comparison.equal('ids', text, ours.encode(text, { specials: 'ordinary' }).ids, ids);
    comparison.equal(
      'ids with specials',
      text,
      ours.encode(text, { specials: 'allow' }).ids,
      theirs.encode(text, 'all'),
    );
    comparison.equal('count', text, ours.count(text), ids.length);
    comparison.equal('bytes', text, ours.decodeBytes(ids), theirs.decode(ids));
    // Nothing is lost: the text comes back, with U+FFFD for lone surrogates.
    comparison.equal('text', text, ours.decode(ids), lossless.decode(new TextEncoder().encode(text)));
    comparison.equal('pieces', text, ours.pieces(ids).join(''), lossless.decode(theirs.decode(ids)));
  };
  const isOfOthers = (ids: readonly number[]) => ids.every((id) => ours.idToToken(id) !== undefined);
  const compareIds = (ids: readonly number[]) => {
    comparison.string();
    const bytes = theirs.decode(Uint32Array.from(ids));
    comparison.equal('bytes', ids, ours.decodeBytes(ids), bytes);
    comparison.equal('text', ids, ours.decode(ids), lossless.decode(bytes));
  };

  for (const text of ['', ...awkwardStrings(amount, specials)]) compareText(text);
  for (const text of specialStrings(specials)) compareText(text);
  for (const text of edgeStrings()) compareText(text);
  if (amount.whole !== false) {
    for (const text of everyCodePoint()) compareText(text);
    for (const id of everyId) compareText(ours.decode([id]));
  }
  for (const id of amount.whole === false ? everyId.slice(0, 600) : everyId) compareIds([id]);
  for (const ids of idLists(amount.strings >> 3, amount.seed, vocabularySize)) if (isOfOthers(ids)) compareIds(ids);
  theirs.free();

  function isSpecial(token: string): boolean {
    return ours.encode(token, { specials: 'allow' }).ids.length === 1 && isRefused(token);
  }
  function isRefused(token: string): boolean {
    try {
      ours.encode(token, { specials: 'error' });
      return false;
    } catch {
      return true;
    }
  }
}
