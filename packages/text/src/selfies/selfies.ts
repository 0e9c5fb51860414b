import { InputError } from '@tesserae/core/data';

/**
 * Symbols of a SELFIES string: everything in brackets, and the dots between molecules (3D-MolT5, arXiv 2406.05797,
 * section 3.1: each becomes a token that is added to the vocabulary of T5).
 *
 * @throws {InputError} Text outside brackets.
 */
export function splitSelfies(text: string): string[] {
  const symbols: string[] = [];
  let at = 0;
  for (const match of text.matchAll(/\[[^\]]+\]|\./gu)) {
    if (match.index !== at) break;
    symbols.push(match[0]);
    at += match[0].length;
  }
  if (at !== text.length) {
    throw new InputError('text', 'symbols in brackets and dots', `${JSON.stringify(text.slice(at, at + 20))} at ${at}`);
  }
  return symbols;
}

/** Symbols of SELFIES strings in the order of their first occurrence: what is added to a vocabulary. */
export function selfiesVocabulary(texts: Iterable<string>): string[] {
  const symbols = new Set<string>();
  for (const text of texts) for (const symbol of splitSelfies(text)) symbols.add(symbol);
  return [...symbols];
}
