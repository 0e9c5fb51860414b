import { utf8DecodeStrict } from '../bytes/utf8';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';

/** Texts in front of a token that stands inside a word, or behind signs, spaces and lines. */
const before = ['', 'a', 'A', '1', '.', ' ', '\n', 'ж', '漢'];

/**
 * Tokens that no text of their own leads to: neither by itself nor behind a few other characters does the text of the token
 * encode to it. Models never see them in training ("glitch tokens").
 *
 * Special tokens and tokens that hold parts of characters only are left out: they have no text of their own.
 *
 * @returns Ids in ascending order.
 */
export function unreachableTokens(
  tokenizer: Pick<TextTokenizer, 'encode' | 'decode' | 'decodeBytes' | 'idToToken' | 'info'>,
): number[] {
  const unreachable: number[] = [];
  const encode = (text: string) => tokenizer.encode(text, { specials: 'ordinary', addSpecialTokens: false }).ids;
  for (let id = 0; id < tokenizer.info.vocabularySize; id += 1) {
    if (tokenizer.idToToken(id) === undefined) continue;
    if (utf8DecodeStrict(tokenizer.decodeBytes([id])) === undefined) continue;
    const text = tokenizer.decode([id], { skipSpecials: true });
    if (text === '' || text.includes('\ufffd')) continue;
    if (!before.some((prefix) => encode(prefix + text).at(-1) === id)) unreachable.push(id);
  }
  return unreachable;
}
