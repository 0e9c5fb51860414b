import type { CanonicalToken } from './canonical-tokens';
import { isSymbolic } from './canonical-tokens';

/** Which target tokens count as known to the source. */
export interface OverlapOptions {
  /** Equal canonical forms. Default true. */
  readonly exact?: boolean;
  /** Equal but for case and word beginning. Default false. */
  readonly fuzzy?: boolean;
  /** Numbers, punctuation and white space, with either form. Default false. */
  readonly symbols?: boolean;
  /** Fuzzy forms that count as symbols: special tokens of the target. Default: none. */
  readonly specialTokens?: ReadonlySet<string>;
}

/** A target token with its source tokens. */
export interface OverlappingToken {
  readonly target: number;
  /** Source ids, best first. */
  readonly sources: readonly number[];
  readonly match: 'exact' | 'fuzzy' | 'symbol';
}

export interface VocabularyOverlap {
  /** By ascending target id. */
  readonly overlapping: readonly OverlappingToken[];
  /** Target ids without a source token, ascending. */
  readonly added: Int32Array;
}

/**
 * Tokens that two vocabularies share (`get_overlapping_tokens` of the official FOCUS code). Of source tokens with the
 * same form the last one comes first, as there.
 */
export function findOverlap(
  target: readonly CanonicalToken[],
  source: readonly CanonicalToken[],
  options: OverlapOptions = {},
): VocabularyOverlap {
  const { exact = true, fuzzy = false, symbols = false, specialTokens = new Set<string>() } = options;
  const byCanonical = viewOf(source, ({ canonical }) => canonical);
  const byFuzzy = viewOf(source, (token) => token.fuzzy);
  const overlapping: OverlappingToken[] = [];
  const added: number[] = [];
  for (const [id, token] of target.entries()) {
    const exactly = byCanonical.get(token.canonical);
    const nearly = byFuzzy.get(token.fuzzy);
    const isSymbol = symbols && (specialTokens.has(token.fuzzy) || isSymbolic(token.fuzzy));
    if (isSymbol && (exactly ?? nearly)) overlapping.push({ target: id, sources: exactly ?? nearly!, match: 'symbol' });
    else if (exact && exactly) overlapping.push({ target: id, sources: exactly, match: 'exact' });
    else if (fuzzy && nearly) overlapping.push({ target: id, sources: nearly, match: 'fuzzy' });
    else added.push(id);
  }
  return { overlapping, added: Int32Array.from(added) };
}

function viewOf(tokens: readonly CanonicalToken[], form: (token: CanonicalToken) => string): Map<string, number[]> {
  const view = new Map<string, number[]>();
  for (const [id, token] of tokens.entries()) {
    const key = form(token);
    const ids = view.get(key);
    if (!ids) view.set(key, [id]);
    else if (key === token.canonical) ids.unshift(id);
    else ids.push(id);
  }
  return view;
}
