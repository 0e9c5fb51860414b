import { compareCodePoints } from '../code-point-order';
import { splitUnits, type UnitEnd } from '../units/text-units';
import { smallestScore } from './lattice';
import { type ScoredPieces, unknownPiece } from './seed-pieces';
import type { TrainedUnigram, UnigramTrainingOptions } from './settings';

/** What required characters without a piece gain, each more than the one before, so that scores differ. */
const scoreStep = 0.0001;

/** Characters that have to be pieces, by code points. */
export function requiredCharacters(
  words: readonly (readonly [string, number])[],
  initialAlphabet: string,
  unitEnd: UnitEnd,
): string[] {
  const characters = new Set<string>(initialAlphabet);
  for (const [word] of words) for (const character of splitUnits(word, unitEnd)) characters.add(character);
  return [...characters].sort(compareCodePoints);
}

/**
 * The vocabulary: special tokens, then required characters and the first pieces by falling score.
 *
 * @see finalize of tokenizers/src/models/unigram/trainer.rs
 */
export function finalPieces(
  { texts, scores }: ScoredPieces,
  required: readonly string[],
  { specialTokens = [], unknownToken }: UnigramTrainingOptions,
  vocabularySize: number,
): TrainedUnigram {
  const known = new Map(texts.map((text, piece) => [text, scores[piece]!]));
  const smallest = smallestScore(scores);
  const pieces: [string, number][] = [];
  let missing = 0;
  for (const character of required) {
    const score = known.get(character);
    pieces.push([character, score ?? smallest + missing * scoreStep]);
    if (score === undefined) missing += 1;
  }
  const unknownAt = unknownToken === undefined ? -1 : specialTokens.indexOf(unknownToken);
  const addsUnknown = unknownToken !== undefined && unknownAt < 0;
  const first = addsUnknown ? [unknownToken, ...specialTokens] : specialTokens;
  const room = vocabularySize - first.length;
  const taken = new Set([unknownPiece, ...required]);
  for (const [piece, text] of texts.entries()) {
    if (taken.has(text)) continue;
    taken.add(text);
    pieces.push([text, scores[piece]!]);
    if (pieces.length === room) break;
  }
  pieces.sort(([, one], [, other]) => other - one);
  return {
    kind: 'unigram',
    pieces: [...first.map((token) => [token, 0] as const), ...pieces],
    unknownId: unknownToken === undefined ? undefined : Math.max(unknownAt, 0),
    specialTokens,
  };
}
