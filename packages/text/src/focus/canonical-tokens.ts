import { ShapeError } from '@tesserae/core/data';
import { readByteCharacters, readByteToken } from '../bytes/byte-alphabet';
import { utf8Decode } from '../bytes/utf8';

/** How a vocabulary marks words: `▁` at their beginning, `Ġ` at their beginning, `##` inside of them. */
export type TokenStyle = 'sentencepiece' | 'byte-level' | 'wordpiece';

/** A token in the forms that vocabularies can be compared by. */
export interface CanonicalToken {
  /** Text with `▁` in front where a word begins. */
  readonly canonical: string;
  /** Text without `▁`, in lower case. */
  readonly fuzzy: string;
}

export interface CanonicalTokensOptions {
  /** Default: `sentencepiece` with more than 100 tokens that begin with `▁`, `wordpiece` with more than 100 `##`. */
  readonly style?: TokenStyle;
  /** What each id decodes to by itself. Default: read from the token. */
  readonly texts?: readonly string[];
}

const marker = '\u2581';

/**
 * Canonical forms of a vocabulary (`canonicalize_vocab` of the official FOCUS code).
 *
 * @param tokens - By id, as the vocabulary writes them.
 * @throws {ShapeError} Not one text a token.
 */
export function canonicalTokens(tokens: readonly string[], options: CanonicalTokensOptions = {}): CanonicalToken[] {
  const { style = styleOf(tokens), texts } = options;
  if (texts && texts.length !== tokens.length) {
    throw new ShapeError('canonicalTokens: texts', `${tokens.length} texts`, [texts.length]);
  }
  return tokens.map((token, id) => {
    const canonical = canonicalForm(token, texts?.[id] ?? decoded(token, style), style);
    return { canonical, fuzzy: canonical.replaceAll(marker, '').toLowerCase() };
  });
}

function styleOf(tokens: readonly string[]): TokenStyle {
  const count = (prefix: string) => tokens.filter((token) => token.startsWith(prefix)).length;
  if (count(marker) > 100) return 'sentencepiece';
  return count('##') > 100 ? 'wordpiece' : 'byte-level';
}

function canonicalForm(token: string, text: string, style: TokenStyle): string {
  if (style === 'wordpiece') return text.startsWith('##') ? text.slice(2) : marker + text;
  const beginsWord = token.startsWith(style === 'sentencepiece' ? marker : '\u0120');
  return (beginsWord ? marker : '') + text.trimStart();
}

function decoded(token: string, style: TokenStyle): string {
  if (style === 'wordpiece') return token;
  if (style === 'byte-level') {
    const bytes = readByteCharacters(token);
    return bytes ? utf8Decode(bytes) : token;
  }
  const byte = readByteToken(token);
  return byte < 0 ? token.replaceAll(marker, ' ') : utf8Decode(Uint8Array.of(byte));
}

const numeral = /^[\p{N}〇一二三四五六七八九十百千万億兆零两兩壹贰叁肆伍陆柒捌玖拾佰仟萬亿]+$/u;

/** Whether a text is made of numbers, ASCII punctuation or white space only, or of nothing. */
export function isSymbolic(text: string): boolean {
  return numeral.test(text) || /^[!-/:-@[-`{-~]*$/.test(text) || /^\p{White_Space}+$/u.test(text);
}
