/** Tokens in the order of their ids, found by their text. */
export interface TokenNames {
  readonly texts: string[];
  readonly ids: Map<string, number>;
}

export const createTokenNames = (): TokenNames => ({ texts: [], ids: new Map() });

/** Id of a text, which is new if need be. */
export function tokenId({ texts, ids }: TokenNames, text: string): number {
  const known = ids.get(text);
  if (known !== undefined) return known;
  const id = texts.length;
  texts.push(text);
  ids.set(text, id);
  return id;
}
