import type { FitTokenizer } from '../fit/documents';

/** A tokenizer that knows counts of texts again. */
export interface RememberingTokenizer extends FitTokenizer {
  /** Tells a count that is known from elsewhere. */
  learn(text: string, tokens: number): void;
}

/**
 * Remembers the counts of the last texts: while one document is typed, all others are counted once.
 *
 * @param most - Texts; the older half is forgotten at once. Default 2000.
 */
export function rememberCounts(tokenizer: FitTokenizer, most = 2000): RememberingTokenizer {
  let recent = new Map<string, number>();
  let older = new Map<string, number>();
  const learn = (text: string, tokens: number) => {
    if (recent.size >= most / 2) [older, recent] = [recent, new Map()];
    recent.set(text, tokens);
  };
  return {
    encode: (text, options) => tokenizer.encode(text, options),
    count(text, limit) {
      const known = recent.get(text) ?? older.get(text);
      if (known !== undefined) {
        if (!recent.has(text)) learn(text, known);
        return known;
      }
      const tokens = tokenizer.count(text, limit);
      // Counting stopped above the limit.
      if (limit === undefined || tokens <= limit) learn(text, tokens);
      return tokens;
    },
    learn,
  };
}
