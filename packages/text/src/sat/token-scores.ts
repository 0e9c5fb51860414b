import { InputError, ShapeError } from '@tesserae/core/data';

export interface TokenScoreOptions {
  /** Logits of every token. Default 1. */
  readonly labels?: number;
  /** Tokens that are left out: 1 at every special token. Default: none. */
  readonly specialTokensMask?: ArrayLike<number>;
}

/**
 * Gives the logits of a token to its last character, and minus infinity to all others (`token_to_char_probs` of
 * wtpsplit). Of tokens that end at the same character the last counts; a token without text (`[0, 0]`) counts for the
 * last character of the text, as in the official code.
 *
 * @param characters - Code points of the text.
 * @param offsets - `[start, end]` of every token in code points, end to end.
 * @param logits - `[tokens, labels]`.
 * @returns `[characters, labels]`.
 * @throws {ShapeError} Logits of another size than the offsets.
 * @throws {InputError} An offset outside the text.
 */
export function tokenScoresToCharacters(
  characters: number,
  offsets: ArrayLike<number>,
  logits: Float32Array,
  options: TokenScoreOptions = {},
): Float32Array {
  const { labels = 1, specialTokensMask } = options;
  const tokens = offsets.length / 2;
  if (logits.length !== tokens * labels) throw new ShapeError('logits', `[${tokens}, ${labels}]`, [logits.length]);
  const scores = new Float32Array(characters * labels).fill(-Infinity);
  for (let token = 0; token < tokens; token += 1) {
    if (specialTokensMask?.[token]) continue;
    const end = offsets[2 * token + 1]!;
    if (!(end >= 0 && end <= characters)) {
      throw new InputError('offsets', `ends of 0..${characters}`, `${end} of token ${token}`);
    }
    const character = (end === 0 ? characters : end) - 1;
    if (character >= 0) scores.set(logits.subarray(token * labels, (token + 1) * labels), character * labels);
  }
  return scores;
}

/**
 * Probability of an end behind every character: the sigmoid of its first label, in float32.
 *
 * @param scores - `[characters, labels]`.
 * @param labels - Default 1.
 */
export function endProbabilities(scores: Float32Array, labels = 1): Float32Array {
  return Float32Array.from(
    { length: scores.length / labels },
    (_, index) => 1 / (1 + Math.exp(-scores[index * labels]!)),
  );
}
