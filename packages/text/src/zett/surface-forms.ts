import { InputError } from '@tesserae/core/data';

/** How a vocabulary spells the tokens of another. */
export interface SurfaceForms {
  /** Tokens. */
  readonly rows: number;
  /** Ids of a spelling, padding counted. */
  readonly columns: number;
  /** `[rows, columns]`. */
  readonly ids: Int32Array;
  /** Tokens whose spelling was cut off. */
  readonly truncated: number;
}

export interface SurfaceOptions {
  /** Ids of a spelling at most. */
  readonly maxLength: number;
  readonly paddingId: number;
  /** Ids of special tokens, which are not spelled. */
  readonly specials?: ReadonlyMap<string, number>;
}

/**
 * Spells tokens with the vocabulary of a hypernetwork (`get_surface_form_matrix` of zett).
 *
 * @param tokens - In the byte alphabet of GPT-2, by id; special tokens as they are.
 * @param spell - The model of the hypernetwork's tokenizer alone, without pre-tokenization: token to ids.
 * @throws {InputError} A length below 1.
 */
export function surfaceForms(
  tokens: readonly string[],
  spell: (token: string) => ArrayLike<number>,
  options: SurfaceOptions,
): SurfaceForms {
  const { maxLength, paddingId, specials = new Map<string, number>() } = options;
  if (!Number.isSafeInteger(maxLength) || maxLength < 1) {
    throw new InputError('maxLength', 'an integer of at least 1', String(maxLength));
  }
  const ids = new Int32Array(tokens.length * maxLength).fill(paddingId);
  let truncated = 0;
  for (const [row, token] of tokens.entries()) {
    const special = specials.get(token);
    const spelling = special === undefined ? spell(token) : [special];
    if (spelling.length > maxLength) truncated += 1;
    for (let column = 0; column < Math.min(spelling.length, maxLength); column += 1) {
      ids[row * maxLength + column] = spelling[column]!;
    }
  }
  return { rows: tokens.length, columns: maxLength, ids, truncated };
}
