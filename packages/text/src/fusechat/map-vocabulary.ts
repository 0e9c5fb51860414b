import { InputError } from '@tesserae/core/data';
import { codePointsOf, editDistance, textEditDistance } from '../edit-distance/edit-distance';
import { withoutMarkers } from './align-tokens';
import type { AlignmentCounts } from './alignment-counts';

/** A vocabulary by id, and what it writes for a space. */
export interface MarkedVocabulary {
  /** Tokens by id; undefined for ids without one. */
  readonly tokens: readonly (string | undefined)[];
  readonly marker: string;
}

export interface CountMappingOptions {
  /** For tokens that no text had. Default 0. */
  readonly unknownId?: number;
  /** Pairs that are mapped whatever was counted: begin to begin, end to end. */
  readonly fixed?: readonly (readonly [from: number, to: number])[];
}

/**
 * One partner for every token, from how often tokens were aligned: the smallest of edit distance times sigmoid of the
 * count, where a token inside of the other counts a tenth (`token_align_mapping` of FuseChat; of equals the smallest id).
 *
 * @returns For every id of `from` an id of `to`.
 */
export function mapVocabularyByCounts(
  from: MarkedVocabulary,
  to: MarkedVocabulary,
  counts: AlignmentCounts,
  options: CountMappingOptions = {},
): Int32Array {
  const { unknownId = 0, fixed = [] } = options;
  const mapping = new Int32Array(from.tokens.length).fill(unknownId);
  for (const [id, row] of counts) {
    const token = from.tokens[id];
    if (token === undefined) continue;
    let best = Infinity;
    for (const other of [...row.keys()].toSorted((a, b) => a - b)) {
      const count = row.get(other)!;
      if (count === 0) continue;
      const cost = (1 / (1 + Math.exp(-count))) * containedDistance(token, to.tokens[other] ?? '', from, to);
      if (cost < best) {
        best = cost;
        mapping[id] = other;
      }
    }
  }
  for (const [id, partner] of fixed) {
    if (!(id >= 0 && id < mapping.length)) throw new InputError('fixed', `ids below ${mapping.length}`, String(id));
    mapping[id] = partner;
  }
  return mapping;
}

function containedDistance(token: string, other: string, from: MarkedVocabulary, to: MarkedVocabulary): number {
  const [left, right] = withoutMarkers(token, other, { blending: from.marker, base: to.marker });
  const distance = textEditDistance(left, right);
  return left.includes(right) || right.includes(left) ? distance * 0.1 : distance;
}

/**
 * One partner for every token by its text: the same text after its marker was swapped, else the text at the smallest
 * edit distance (FuseLLM `vocab_mapping.py`; of equals the smallest id).
 *
 * @returns For every id of `from` an id of `to`; -1 for ids without a token.
 * @throws {InputError} `to` has no tokens.
 */
export function mapVocabularyByText(from: MarkedVocabulary, to: MarkedVocabulary): Int32Array {
  const exact = new Map<string, number>();
  const byLength: { readonly id: number; readonly points: readonly number[] }[][] = [];
  for (const [id, token] of to.tokens.entries()) {
    if (token === undefined) continue;
    if (!exact.has(token)) exact.set(token, id);
    const points = codePointsOf(token);
    (byLength[points.length] ??= []).push({ id, points });
  }
  if (exact.size === 0) throw new InputError('to', 'a vocabulary with tokens', 'none');
  return Int32Array.from(from.tokens, (token) => {
    if (token === undefined) return -1;
    const text = token.replaceAll(from.marker, to.marker);
    return exact.get(text) ?? nearestToken(codePointsOf(text), byLength);
  });
}

function nearestToken(
  points: readonly number[],
  byLength: readonly (readonly { readonly id: number; readonly points: readonly number[] }[] | undefined)[],
): number {
  let nearest = -1;
  let best = Infinity;
  for (let difference = 0; difference <= best && difference <= points.length + byLength.length; difference += 1) {
    for (const length of new Set([points.length - difference, points.length + difference])) {
      for (const other of byLength[length] ?? []) {
        const distance = editDistance(points, other.points, best);
        if (distance < best || (distance === best && other.id < nearest)) {
          best = distance;
          nearest = other.id;
        }
      }
    }
  }
  return nearest;
}
